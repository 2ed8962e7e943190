"""Whatever stands in an entry is at least one event, with its exact bytes."""

import json
from typing import Any

import pytest

from adapters.base import Decoded, Quarantined
from tests.adapters.envelopes import PAGE, TIME, body, change, decode, envelope, inbound, one

TEXT = inbound(message={"mid": "m_1", "text": "hi"})


def _entry(**members: Any) -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": PAGE, "time": TIME, **members}]}


def _names(raw: Any) -> list[str]:
    return [d.event.event if isinstance(d, Decoded) else d.reason for d in decode(raw)]


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (_entry(), ["unknown"]),
        (_entry(messaging=[]), ["unknown"]),
        (_entry(changed_fields=["feed"]), ["unknown"]),
        (_entry(messaging=[{}]), ["unknown"]),
        (_entry(messaging=[TEXT], standby=[TEXT], changes=[{}]), ["message.received"] * 2 + ["unknown"]),
        (_entry(messaging=["x", TEXT, None]), ["not_an_object", "message.received", "not_an_object"]),
        (_entry(messaging=TEXT), ["message.received"]),
        (_entry(message=[TEXT]), ["message.received"]),
        (_entry(other=[TEXT, TEXT]), ["unknown"] * 2),
        (_entry(other=TEXT), ["unknown"]),
        (_entry(messaging=[TEXT], other={"a": 1}, n=5, texts=["a"]), ["message.received", "unknown"]),
        (_entry(field="feed", value={"item": "comment"}), ["comment.received"]),
        (_entry(field="messages", value=TEXT), ["message.received"]),
        (_entry(field="feed"), ["unknown"]),
        (_entry(value={}), ["unknown"]),
        (_entry(field="feed", value={"item": "like"}, messaging=[TEXT]), ["message.received", "unknown"]),
        (change("feed", None), ["unknown"]),
        (change("never_seen", {"a": 1}), ["unknown"]),
        ({"object": "permissions", "entry": [{"id": "1", "messaging": [TEXT]}]}, ["unknown"]),
    ],
)
def test_everything_is_accounted_for(raw: Any, names: list[str]) -> None:
    assert _names(raw) == names


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b'{"object":"page"}'])
def test_a_body_that_is_no_envelope_is_quarantined_whole(raw: bytes) -> None:
    (quarantined,) = decode(raw)
    assert isinstance(quarantined, Quarantined) and quarantined.body == raw


def test_an_unknown_element_carries_its_exact_bytes() -> None:
    odd = b'{ "sender":{"id":"7"},\n"new_key" : [1.50, 1e3] }'
    decoded = one(b'{"object":"page","entry":[{"id":"1","time":2,"messaging":[%b]}]}' % odd)
    assert decoded.event.raw and decoded.event.raw.inline
    assert bytes(decoded.event.raw.inline) == odd


@pytest.mark.parametrize("path", ["usual", "general"])
def test_the_envelope_holds_the_element_alone(path: str) -> None:
    item = body(TEXT) if path == "usual" else body(TEXT).replace(b":", b" : ")
    more = b"" if path == "usual" else b"," + body(inbound(read={"watermark": TIME}))
    raw = b'{"object":"page","entry":[{"id":"%b","time":5,"messaging":[%b%b]}]}' % (PAGE.encode(), item, more)
    decoded = decode(raw)[0]
    assert isinstance(decoded, Decoded)
    start, end = decoded.element
    assert decoded.envelope[start:end] == item
    assert json.loads(decoded.envelope) == _entry(messaging=[TEXT]) | {
        "entry": [{"id": PAGE, "time": 5, "messaging": [TEXT]}]
    }


def test_one_item_that_is_not_utf_8_harms_no_other() -> None:
    bad = body(TEXT).replace(b"hi", b"\xff")
    raw = b'{"object":"page","entry":[{"id":"1","time":2,"messaging":[%b,%b]}]}' % (bad, body(TEXT))
    first, second = decode(raw)
    assert first == Quarantined(reason="not_json", pointer="/entry/0/messaging/0", body=bad)
    assert isinstance(second, Decoded)


def test_one_item_nested_beyond_reason_harms_no_other() -> None:
    deep = b'{"new":' + b"[" * 800 + b"-0.5" + b"]" * 800 + b"}"
    raw = b'{"object":"page","entry":[{"id":"1","time":2,"messaging":[%b,%b]}]}' % (deep, body(TEXT))
    first, second = decode(raw)
    assert first == Quarantined(reason="too_deep", pointer="/entry/0/messaging/0", body=deep)
    assert isinstance(second, Decoded)


def test_a_message_nested_beyond_reason_is_put_aside() -> None:
    deep = b'{"type":"template","payload":{"a":' + b"[" * 800 + b"]" * 800 + b"}}"
    item = body(inbound(message={"mid": "m", "attachments": ["HERE"]})).replace(b'"HERE"', deep)
    (put_aside,) = decode(b'{"object":"page","entry":[{"id":"1","time":2,"messaging":[%b]}]}' % item)
    assert put_aside == Quarantined(reason="too_deep", pointer="/entry/0/messaging/0", body=item)


def test_what_stands_beside_the_entries_is_kept() -> None:
    raw = envelope(TEXT) | {"copy": {"of": "something"}, "list": [{"a": 1}], "n": 1}
    decoded = [element for element in decode(raw) if isinstance(element, Decoded)]
    assert [element.event.event for element in decoded] == ["message.received", "unknown", "unknown"]
    assert {element.event.page_id for element in decoded[1:]} == {"0"}
    for element in decoded:
        assert one(element.envelope).event.id == element.event.id


def test_the_same_fact_has_one_id_however_it_is_wrapped() -> None:
    forms = [
        envelope(TEXT),
        envelope(TEXT, container="message"),
        change("messages", TEXT),
        _entry(field="messages", value=TEXT),
        _entry(messaging=TEXT),
        [envelope(TEXT)],
    ]
    assert len({one(form).event.id for form in forms}) == 1


def test_an_entry_repeated_later_is_the_same_unknown() -> None:
    assert one(_entry(note=1)).event.id == one(_entry(note=1) | {}).event.id
    later = {"object": "page", "entry": [{"note": 1, "time": TIME + 9, "id": PAGE}]}
    assert one(_entry(note=1)).event.id == one(later).event.id
    assert one(_entry(note=2)).event.id != one(_entry(note=1)).event.id
