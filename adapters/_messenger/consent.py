"""Who may be written to. Meta, "messaging_optins webhook event"; opting out has no page of its own."""

from typing import Any

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._values import mapping, milliseconds, with_text_ids
from adapters.parts import Consent

_STOP = "STOP"
"""`STOP NOTIFICATIONS`, also seen with `_` for the space; its counterpart begins with RESUME."""


def optin(item: wire.Item, given: wire.Optin) -> Fact:
    """An opt-in in any of its forms; a stopped notification is an opt-out."""
    stopped = (given.notification_messages_status or "").upper().startswith(_STOP)
    expires = milliseconds(given.token_expiry_timestamp)
    consent = Consent(
        state="opted_out" if stopped else "opted_in",
        source=_source(given),
        topic=given.title or None,
        token=given.notification_messages_token or given.one_time_notif_token or None,
        token_expires_at=expires and expires // 1000,
        payload=given.payload or None,
        ref=given.ref or None,
        details=_details(given),
    )
    return Fact(
        event="contact.opted_out" if stopped else "contact.opted_in",
        kind="optin",
        parts={"consent": consent},
        sender=_sender(item, given),
    )


def _source(given: wire.Optin) -> str:
    """Meta's `type` where there is one; the plugins of the website have none."""
    if given.type:
        return given.type
    if given.message_request:
        return "customer_matching"
    return "checkbox_plugin" if given.user_ref else "send_to_messenger"


def _sender(item: wire.Item, given: wire.Optin) -> wire.User | None:
    """The checkbox plugin knows no PSID yet: there is no `sender`, only a `user_ref` in the opt-in."""
    if not given.user_ref:
        return None
    return wire.User(id=item.sender.id if item.sender else None, user_ref=given.user_ref)


def _details(given: wire.Optin) -> dict[str, str] | None:
    details = {
        "status": given.notification_messages_status,
        "frequency": given.notification_messages_frequency,
        "timezone": given.notification_messages_timezone,
        "user_token_status": given.user_token_status,
        "message_request": given.message_request,
    }
    return {name: value for name, value in details.items() if value} or None


def optout(_: wire.Item, given: Any) -> Fact:
    """Meta names this event in its lists but shows no example; whatever it holds is kept."""
    consent = Consent(state="opted_out", source="optout", details=with_text_ids(mapping(given)) or None)
    return Fact(event="contact.opted_out", kind="optout", parts={"consent": consent})
