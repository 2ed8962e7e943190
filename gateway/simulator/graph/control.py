"""Thread control: which app answers a person. Meta, "Messenger Platform: Conversation Routing"."""

from typing import Any

from gateway.simulator.graph import errors, recipients
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.graph.recipients import Recipient
from gateway.simulator.threads import Thread
from gateway.simulator.webhooks.element import Element
from gateway.simulator.webhooks.envelope import News
from gateway.simulator.webhooks.messenger import threads

DONE = {"success": True}


def _about(call: Call, node: Node) -> tuple[Recipient, Thread]:
    call.needs("pages_messaging", "instagram_manage_messages", "instagram_business_manage_messages")
    to = recipients.find(call, node.object)
    return to, call.meta.threads.of(to.asset, to.person)


def _told(call: Call, to: Recipient, element: Element) -> None:
    call.news.append(News(to.asset, element))


def _owned(call: Call, thread: Thread) -> str:
    """The caller, who must hold the thread, unless nobody does."""
    caller = call.token().app
    if thread.owner not in (None, caller):
        raise errors.messenger(100, 2534037)
    return caller


async def give(call: Call, node: Node) -> dict[str, Any]:
    """`pass_thread_control`: the target hears of it."""
    to, thread = _about(call, node)
    caller, target = _owned(call, thread), str(call.required("target_app_id"))
    if target not in call.meta.apps and target != node.object.inbox_app:
        raise errors.messenger(100, 2018164, "Incorrect app id")
    thread.owner = target
    given = {"previous": caller, "new": target, "metadata": call.text("metadata")}
    _told(call, to, threads.control_passed(call.meta.scene(to.asset, to.person, given)))
    return DONE


async def take(call: Call, node: Node) -> dict[str, Any]:
    """`take_thread_control`: the former owner hears of it; from idle nobody does."""
    to, thread = _about(call, node)
    previous, thread.owner = thread.owner, call.token().app
    if previous and previous != thread.owner:
        given = {"previous": previous, "new": thread.owner, "metadata": call.text("metadata")}
        _told(call, to, threads.control_taken(call.meta.scene(to.asset, to.person, given)))
    return DONE


async def request(call: Call, node: Node) -> dict[str, Any]:
    """`request_thread_control`: the owner hears of it."""
    to, _ = _about(call, node)
    given = {"requested": call.token().app, "metadata": call.text("metadata")}
    _told(call, to, threads.control_requested(call.meta.scene(to.asset, to.person, given)))
    return DONE


async def release(call: Call, node: Node) -> dict[str, Any]:
    """`release_thread_control`: nobody holds the thread."""
    _, thread = _about(call, node)
    _owned(call, thread)
    thread.owner = None
    return DONE


async def extend(call: Call, node: Node) -> dict[str, Any]:
    """`extend_thread_control`: the caller keeps it for longer."""
    _, thread = _about(call, node)
    _owned(call, thread)
    return DONE


async def owner(call: Call, node: Node) -> dict[str, Any]:
    """`thread_owner`."""
    call.params["recipient"] = {"id": call.text("recipient")}
    _, thread = _about(call, node)
    return {"data": [{"thread_owner": {"app_id": thread.owner}}] if thread.owner else []}
