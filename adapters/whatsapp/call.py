"""Calls on WhatsApp: `calls` items (connect, terminate) and `statuses` items of type `call`.

`{"id":"wacid.…","from","to","event","timestamp","direction":"USER_INITIATED"|"BUSINESS_INITIATED",
"session":{"sdp_type","sdp"},"status","start_time","end_time","duration"}`. Meta, "Calls webhook
reference". A call from the person opens the answer window as a message does.
"""

from typing import Any

from adapters._values import text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.error import error
from adapters.whatsapp.frame import Frame, Header, inbound, outbound
from adapters.whatsapp.person import party

Item = dict[str, Any]


def read(element: Element) -> Decoded:
    """An item of `calls`."""
    item: Item = parse(element.raw)
    ours = item.get("direction") == "BUSINESS_INITIATED"
    header = _outbound(element.frame, item) if ours else _inbound(element.frame, item)
    return decoded(element, header, _fact(element.frame, item))


def status(element: Element) -> Fact:
    """What a `statuses` item of type `call` says: it rings, it was accepted or rejected."""
    item = with_text_ids(parse(element.raw))
    return Fact("call.update", {"call": {**item, "change": "status"}})


def _fact(frame: Frame, item: Item) -> Fact:
    change = text(item.get("event")) or "status"
    errors = {"errors": [error(reason) for reason in frame.errors]} if frame.errors else {}
    called = change == "connect" and item.get("direction") == "USER_INITIATED"
    return Fact(
        "call.update", {"call": {**errors, **with_text_ids(item), "change": change}}, opens_window=called
    )


def _inbound(frame: Frame, item: Item) -> Header:
    who = party(*(text(item.get(key)) for key in ("from", "from_user_id", "from_parent_user_id")))
    return inbound(frame, who, _ids(item), item.get("timestamp"))


def _outbound(frame: Frame, item: Item) -> Header:
    who = party(*(text(item.get(key)) for key in ("to", "to_user_id", "to_parent_user_id")))
    return outbound(frame, who, _ids(item), item.get("timestamp"))


def _ids(item: Item) -> tuple[str, ...]:
    """The call and what happened to it."""
    key = text(item.get("id")) or text(item.get("wacid"))
    return (key, text(item.get("event")) or "", text(item.get("status")) or "") if key else ()
