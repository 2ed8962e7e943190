"""WhatsApp: both ways to decode agree, a kept envelope is enough to decode again, nothing raises."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode as to_json

from adapters import whatsapp
from adapters._wire import load, salvage
from adapters.base import Decoded, Inbound, Quarantined
from adapters.event import encode
from adapters.whatsapp import general, wire
from adapters.whatsapp.usual import usual

SAMPLES = Path(whatsapp.__file__).parent / "samples"
BODIES = {path.stem: path.read_bytes() for path in SAMPLES.glob("*.json") if ".golden" not in path.name}
USUAL = sorted(name for name, body in BODIES.items() if usual(body) is not None)

LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", "1764001000", 0, 7, 2**70, 1.5, True, [], {}, [{}], {"id": 1}, "\u00e4/"]
)


def facts(found: Decoded | Quarantined) -> Any:
    """All that must not depend on the envelope in which an element came."""
    assert isinstance(found, Decoded)
    event = json.loads(encode(found.event))
    del event["raw"]["sha256"], event["raw"]["pointer"]
    return event, found.person, found.thread, found.opens_window, found.target, found.owner_id


def bodies(kind: str, members: dict[str, Any], contact: Any) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "N1"}, kind: [members]}
    if contact is not None:
        value["contacts"] = [contact]
    change = {"value": value, "field": "messages"}
    return to_json({"object": whatsapp.OBJECT, "entry": [{"id": "W1", "changes": [change]}]})


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_kept_envelope_gives_the_same_event_again(name: str) -> None:
    for found in whatsapp.decode(Inbound(BODIES[name])):
        assert isinstance(found, Decoded)
        (again,) = whatsapp.decode(Inbound(found.envelope))
        assert facts(again) == facts(found)


@pytest.mark.parametrize("name", sorted(BODIES.keys() - {"account_settings_update__sip_password"}))
def test_an_element_keeps_its_exact_bytes(name: str) -> None:
    for found in whatsapp.decode(Inbound(BODIES[name])):
        assert isinstance(found, Decoded)
        start, end = found.element
        assert found.envelope[start:end] in BODIES[name]


@pytest.mark.parametrize("name", USUAL)
def test_the_usual_webhook_means_the_same_the_long_way(name: str) -> None:
    (short,) = whatsapp.decode(Inbound(BODIES[name]))
    (long,) = general(BODIES[name])
    assert facts(short) == facts(long)


@pytest.mark.parametrize("time", ["\u0661" * 10, "17640010.0", "0000000000", " 176400100", "1764001000123"])
def test_an_unusual_time_means_the_same_either_way(time: str) -> None:
    body = bodies("messages", {"id": "m", "from": "491511", "type": "text", "timestamp": time}, None)
    (found,) = whatsapp.decode(Inbound(body.decode().encode("ascii", "backslashreplace")))
    (long,) = general(body)
    assert facts(found) == facts(long)


def test_ids_do_not_depend_on_what_else_a_body_holds() -> None:
    given = map(json.loads, BODIES.values())
    envelopes = [one for body in given for one in (body if isinstance(body, list) else [body])]
    apart = [found for body in BODIES.values() for found in whatsapp.decode(Inbound(body))]
    together = whatsapp.decode(Inbound(to_json(envelopes[::-1])))
    assert {found.event.id for found in together if isinstance(found, Decoded)} == {
        found.event.id for found in apart if isinstance(found, Decoded)
    }


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["messages", "statuses"]),
    st.dictionaries(st.sampled_from(sorted(wire.Message.__struct_encode_fields__)), LEAVES, max_size=6),
    st.dictionaries(st.sampled_from(["id", "status", "type", "recipient_id", "errors"]), LEAVES),
    st.none() | st.dictionaries(st.sampled_from(["wa_id", "user_id", "profile"]), LEAVES),
)
def test_any_item_gives_one_event_whichever_way(kind: str, message: Any, status: Any, contact: Any) -> None:
    body = bodies(kind, message if kind == "messages" else status, contact)
    (found,) = whatsapp.decode(Inbound(body))
    (long,) = general(body)
    assert facts(found) == facts(long)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(wire.Message.__struct_encode_fields__)),
        st.dictionaries(
            st.sampled_from(["id", "type", "body", "message", "voice", "emoji"]), LEAVES, max_size=3
        )
        | LEAVES,
        max_size=6,
    )
)
def test_reading_member_by_member_finds_what_reading_at_once_finds(message: dict[str, Any]) -> None:
    raw = to_json(message)
    assert load(wire.Message, raw) == salvage(wire.Message, raw)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_no_change_of_one_leaf_raises_or_loses_an_element(name: str, data: st.DataObject) -> None:
    envelope = json.loads(BODIES[name])
    place, key = data.draw(st.sampled_from(list(places(envelope))))
    place[key] = data.draw(LEAVES)
    assert whatsapp.decode(Inbound(to_json(envelope)))


def places(value: Any) -> Any:
    """Every member and item of a JSON value."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BODIES)), st.integers(0, 4000), st.binary(max_size=3))
def test_no_damage_to_the_bytes_raises(name: str, at: int, damage: bytes) -> None:
    body = BODIES[name]
    assert whatsapp.decode(Inbound(body[:at] + damage + body[at + len(damage) :]))
    assert whatsapp.decode(Inbound(body[: at + 1]))


VALUE = b'{"object":"w","entry":[{"id":"1","changes":[{"field":"messages","value":%b}]}]}'
DEEP = {
    "body": b"%b",
    "value": VALUE,
    "id": VALUE % b'{"messages":[{"id":%b}]}',
    "order": VALUE % b'{"messages":[{"type":"order","order":{"a":%b}}]}',
    "entry": b'{"object":"w","entry":[{"id":"1","novelties":[{"a":%b}]}]}',
}


def test_what_surrounds_many_items_is_not_copied_without_limit() -> None:
    beside = {
        "metadata": {"phone_number_id": "N1"},
        "conversation_context": {"type": "x"},
        "novelty": "x" * 2000,
    }
    change = {"value": {**beside, "messages": [{"id": "1"}, {"id": "2"}]}, "field": "messages"}
    body = to_json({"object": "w", "entry": [{"id": "W1", "changes": [change]}]})
    for found in whatsapp.decode(Inbound(body)):
        assert isinstance(found, Decoded)
        assert b"novelty" not in found.envelope
        assert b"conversation_context" in found.envelope


@pytest.mark.parametrize("depth", [400, 700, 5_000, 200_000])
@pytest.mark.parametrize("place", sorted(DEEP))
def test_deep_nesting_is_put_aside_and_not_followed(place: str, depth: int) -> None:
    assert whatsapp.decode(Inbound(DEEP[place] % (b"[" * depth + b"]" * depth)))


def test_a_chunk_of_thousands_of_messages_costs_no_more_per_message() -> None:
    messages = [{"id": f"m{n}", "from": "491511", "type": "text", "text": {"body": "x"}} for n in range(3000)]
    value = {"history": [{"metadata": {"phase": 0}, "threads": [{"id": "491511", "messages": messages}]}]}
    change = {"value": value, "field": "history"}
    found = whatsapp.decode(Inbound(to_json({"object": "w", "entry": [{"id": "W1", "changes": [change]}]})))
    assert len({each.event.id for each in found if isinstance(each, Decoded)}) == 3000
    assert max(len(each.envelope) for each in found if isinstance(each, Decoded)) < 400
