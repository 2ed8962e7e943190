"""Which app answers in a thread. Meta, "messaging_handovers webhook event", "Conversation Routing"."""

from typing import Any, Literal

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._values import text, with_text_ids
from adapters.parts import Thread


def pass_thread_control(_: wire.Item, given: wire.ThreadControl) -> Fact:
    """Another app gave the thread to this one."""
    return _changed("passed", "pass_thread_control", given)


def take_thread_control(_: wire.Item, given: wire.ThreadControl) -> Fact:
    """Another app took the thread from this one."""
    return _changed("taken", "take_thread_control", given)


def _changed(action: Literal["passed", "taken"], kind: str, given: wire.ThreadControl) -> Fact:
    body = Thread(
        action=action,
        previous_owner=text(given.previous_owner_app_id),
        new_owner=text(given.new_owner_app_id),
        metadata=given.metadata or None,
    )
    return Fact(event="thread.control_changed", kind=kind, parts={"thread": body}, actor="platform")


def request_thread_control(_: wire.Item, given: wire.ThreadControl) -> Fact:
    """Another app asks for the thread; it would be the new owner."""
    body = Thread(
        action="requested",
        new_owner=text(given.requested_owner_app_id),
        metadata=given.metadata or None,
    )
    return Fact(
        event="thread.control_requested",
        kind="request_thread_control",
        parts={"thread": body},
        actor="platform",
    )


def app_roles(_: wire.Item, roles: dict[str, Any]) -> Fact:
    """`{"<app id>":["primary_receiver"]}`: what the Page's apps are from now on."""
    body = Thread(action="roles", roles=with_text_ids(roles))
    return Fact(event="thread.roles_changed", kind="app_roles", parts={"thread": body}, actor="platform")
