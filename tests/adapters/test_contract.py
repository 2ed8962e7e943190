"""What every platform's adapter promises, whatever it is given."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from adapters import ADAPTERS
from adapters._members import items, members
from adapters.base import Decoded, Inbound, Quarantined
from adapters.event import encode
from adapters.names import EVENTS
from tests.adapters.samples import platform, samples
from tests.adapters.shapes import BODIES

PLATFORM = pytest.mark.parametrize("name", ADAPTERS)
MENDED = (rb"cut off \ud83d", b"sip_user_password")
"""The only bytes that are not kept as they are: half a character, and a password."""
ANYTHING = settings(max_examples=150, deadline=None)


@cache
def _bodies(name: str) -> list[bytes]:
    return [sample.read_bytes() for sample in samples() if platform(sample) == name]


def _decode(name: str, body: bytes) -> list[Decoded | Quarantined]:
    return ADAPTERS[name].decode(Inbound(body))


def _decoded(name: str, body: bytes) -> list[Decoded]:
    return [element for element in _decode(name, body) if isinstance(element, Decoded)]


def _all(name: str) -> Iterator[tuple[bytes, Decoded]]:
    for body in _bodies(name):
        for element in _decoded(name, body):
            yield body, element


def _target(value: Any, pointer: str) -> Any:
    """What a JSON pointer points to."""
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
    return value


def _holds(name: str, body: bytes) -> None:
    """The promises that can be checked on any body."""
    elements = _decode(name, body)
    assert elements == _decode(name, body)
    assert elements, "something that is signed is never nothing"
    for element in elements:
        if isinstance(element, Decoded):
            start, end = element.element
            assert members(element.envelope[start:end]) is not None
            assert element.event.id in [again.event.id for again in _decoded(name, element.envelope)]
            json.loads(encode(element.event))


@PLATFORM
@given(body=st.binary(max_size=200))
@ANYTHING
def test_no_bytes_are_too_odd(name: str, body: bytes) -> None:
    _holds(name, body)


@PLATFORM
@given(body=BODIES)
@ANYTHING
def test_no_json_is_too_odd(name: str, body: Any) -> None:
    _holds(name, json.dumps(body).encode())


@PLATFORM
@given(data=st.data())
@ANYTHING
def test_no_damage_is_too_odd(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(_bodies(name)))
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 12))
    _holds(name, body[:at] + data.draw(st.binary(max_size=6)) + body[at + cut :])


@PLATFORM
@given(data=st.data())
@ANYTHING
def test_any_part_may_be_any_value(name: str, data: st.DataObject) -> None:
    value = json.loads(data.draw(st.sampled_from(_bodies(name))))
    spots = list(_spots(value))
    if spots:
        holder, key = data.draw(st.sampled_from(spots))
        holder[key] = data.draw(BODIES)
    _holds(name, json.dumps(value).encode())


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value that can be assigned to."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _spots(value[key])


@PLATFORM
def test_an_envelope_cut_down_to_an_element_gives_the_same_event(name: str) -> None:
    for _, element in _all(name):
        (again,) = _decoded(name, element.envelope)
        assert again.event.id == element.event.id
        assert (again.person, again.target, again.owner_id) == (
            element.person,
            element.target,
            element.owner_id,
        )
        assert again.event.timestamp_ms == element.event.timestamp_ms


@PLATFORM
def test_the_element_is_metas_own_bytes_and_the_pointer_finds_it(name: str) -> None:
    for body, element in _all(name):
        if any(mended in body for mended in MENDED):
            continue
        start, end = element.element
        exact = element.envelope[start:end]
        assert exact in body
        assert element.event.raw is not None
        assert _target(json.loads(body), element.event.raw.pointer) == json.loads(exact)


@PLATFORM
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_ids_do_not_depend_on_the_batch(name: str, data: st.DataObject) -> None:
    envelopes = [element.envelope for _, element in _all(name)]
    chosen = data.draw(st.lists(st.sampled_from(envelopes), min_size=2, max_size=8))
    alone = [element.event.id for envelope in chosen for element in _decoded(name, envelope)]
    merged = [element.event.id for body in _merged(chosen) for element in _decoded(name, body)]
    assert sorted(merged) == sorted(alone)


def _merged(envelopes: list[bytes]) -> list[bytes]:
    """One envelope per `object`, with the entries of all."""
    by_object: dict[bytes, list[bytes]] = {}
    for envelope in envelopes:
        top = members(envelope) or {}
        entries = items(top["entry"]) or []
        by_object.setdefault(bytes(top.get("object", Raw(b"null"))), []).extend(map(bytes, entries))
    return [b'{"object":%b,"entry":[%b]}' % (name, b",".join(entries)) for name, entries in by_object.items()]


@PLATFORM
def test_events_keep_to_the_contract(name: str) -> None:
    for _, element in _all(name):
        event = element.event
        assert event.event in EVENTS
        assert (event.platform, event.version, event.signature_verified) == (name, "1", True)
        assert event.timestamp == event.timestamp_ms // 1000
        assert event.page_id
        assert (event.raw is not None and event.raw.inline is not None) == (event.event == "unknown")
        assert event.standby or element.owner_id is None
        assert not (event.test and element.opens_window)


@PLATFORM
def test_nothing_is_null_and_every_id_is_text(name: str) -> None:
    for _, element in _all(name):
        event = json.loads(encode(element.event))
        event["raw"].pop("inline", None)
        for holder, key in _spots(event):
            assert holder[key] is not None, (key, event)
            if isinstance(key, str) and (key == "id" or key.endswith("_id")):
                assert isinstance(holder[key], str), (key, event)


@PLATFORM
def test_an_unknown_container_loses_nothing(name: str) -> None:
    made_up = {
        "object": ADAPTERS[name].OBJECT,
        "entry": [{"id": "1", "time": 5, "novelty": [{"a": 1}, {"b": 2}]}],
    }
    found = [element.event for element in _decoded(name, json.dumps(made_up).encode())]
    assert [event.event for event in found] == ["unknown"] * 2
    assert [event.raw and bytes(event.raw.inline or b"") for event in found] == [b'{"a": 1}', b'{"b": 2}']
