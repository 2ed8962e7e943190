"""Buttons that the business has sent: what a tap on one of them reports."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gateway.simulator.threads import Message, Thread


class Tap(Struct, frozen=True):
    """A button that can be tapped: the kind of webhook that reports it, and what it says."""

    title: str
    kind: str
    given: dict[str, Any]


def find(thread: Thread, title: str) -> Tap | None:
    """The newest button of that title."""
    for message in reversed(thread.messages):
        for tap in _taps(message) if message.outbound else ():
            if tap.title == title:
                return tap
    return None


def _taps(message: Message) -> Iterator[Tap]:
    content = message.content
    if "messaging_product" in content:
        yield from _interactive(message.id, content.get("interactive", {}).get("action", {}))
        yield from _template(message.id, content)
    else:
        yield from _quick_replies(content)
        yield from _postbacks(content.get("attachment", {}).get("payload", {}))


def _quick_replies(content: dict[str, Any]) -> Iterator[Tap]:
    for reply in content.get("quick_replies", []):
        title = reply.get("title", "")
        yield Tap(title, "quick_reply", {"text": title, "payload": reply.get("payload", "")})


def _postbacks(payload: dict[str, Any]) -> Iterator[Tap]:
    groups = [payload, *payload.get("elements", [])]
    for button in (button for group in groups for button in group.get("buttons", [])):
        if button.get("type") == "postback":
            given = {"title": button["title"], "payload": button["payload"]}
            yield Tap(button["title"], "postback", given)


def _interactive(id: str, action: dict[str, Any]) -> Iterator[Tap]:
    for button in action.get("buttons", []):
        reply = button["reply"]
        given = {"title": reply["title"], "payload": reply["id"], "target": id}
        yield Tap(reply["title"], "button", given)
    for row in (row for section in action.get("sections", []) for row in section.get("rows", [])):
        described = {"description": row["description"]} if "description" in row else {}
        given = {"title": row["title"], "payload": row["id"], "target": id} | described
        yield Tap(row["title"], "list_reply", given)


def _template(id: str, content: dict[str, Any]) -> Iterator[Tap]:
    """The titles stand in the template, the payloads in the request; the send has put them together."""
    for title, payload in content.get("template_buttons", {}).items():
        yield Tap(title, "template_button", {"title": title, "payload": payload, "target": id})
