"""What marketing messages led to: taps on their links, leads and purchases.

`user_actions` (field `messages`) names no person; `automatic_events` names the message that the event
was read from. Meta, "Track click events" and "Automatic events".
"""

from typing import Any

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.frame import Header


def action(element: Element) -> Decoded:
    """`{"action_type":"marketing_messages_link_click","timestamp","marketing_messages_link_click_data"}`"""
    item: dict[str, Any] = parse(element.raw)
    return _decoded(element, item, text(item.get("action_type")), ())


def automatic_event(element: Element) -> Decoded:
    """`{"id":"wamid.…","event_name":"LeadSubmitted"|"Purchase","timestamp","ctwa_clid","custom_data"}`"""
    item: dict[str, Any] = parse(element.raw)
    key, name = text(item.get("id")), text(item.get("event_name"))
    ids = (key, name or "", text(item.get("timestamp")) or "") if key else ()
    return _decoded(element, item, name, ids)


def _decoded(element: Element, item: dict[str, Any], change: str | None, ids: tuple[str, ...]) -> Decoded:
    marketing = {**with_text_ids(item), "change": change or element.kind.removeprefix("value.")}
    header = Header(ids=ids, time=item.get("timestamp"), origin="platform")
    return decoded(element, header, Fact("marketing.event", {"marketing": marketing}))
