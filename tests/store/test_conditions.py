"""Which events meet an endpoint's conditions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.conditions import Condition, Probe, body_fits, fits

EVENT = {
    "origin": "contact",
    "message": {
        "type": "text",
        "body": "order: 2 roses",
        "number": 1,
        "voice": True,
        "attachments": [{"type": "image"}, {"type": "file", "pages": [1, 2]}],
        "contacts": [],
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("path", "condition", "met"),
    [
        ("origin", ("contact",), True),
        ("origin", ("phone_app", "contact"), True),
        ("origin", ("phone_app",), False),
        ("message.type", ("text",), True),
        ("message.type.deeper", ("text",), False),
        ("message", ("text",), False),
        ("message.attachments.type", ("file",), True),
        ("message.attachments.type", ("video",), False),
        ("message.attachments.pages", (2,), True),
        ("message.number", (1.0,), True),
        ("message.number", (True,), False),
        ("message.voice", (1,), False),
        ("message.voice", (True,), True),
        ("message.voice", (False,), False),
        ("standby", (False,), True),
        ("standby", (True,), False),
        ("standby", (0,), False),
        ("message.reply_to", Probe(exists=False), True),
        ("message.reply_to", Probe(exists=True), False),
        ("message", Probe(exists=True), True),
        ("message.contacts", Probe(exists=True), False),
        ("message.body", Probe(prefix="order:"), True),
        ("message.body", Probe(prefix="order: 3"), False),
        ("message.number", Probe(prefix=""), False),
        ("message.body", Probe(exists=True, prefix="order"), True),
    ],
)
def test_a_condition_is_met_or_not(path: str, condition: Condition, met: bool) -> None:
    assert fits(EVENT, {path: condition}) is met


def test_all_conditions_must_hold() -> None:
    first: dict[str, Condition] = {"origin": ("contact",)}
    assert fits(EVENT, {**first, "message.type": ("text",)})
    assert not fits(EVENT, {**first, "message.type": ("image",)})


def test_without_conditions_the_body_is_not_even_read() -> None:
    assert body_fits(b"not JSON", {})


@given(JSON, st.sampled_from(["a", "a.b", "b.c.a"]))
def test_whatever_an_event_holds_a_path_exists_or_does_not(value: Any, path: str) -> None:
    event = {"a": value, "b": {"c": value}}
    there, gone = ({path: Probe(exists=answer)} for answer in (True, False))
    body = json.dumps(event).encode()
    assert body_fits(body, there) is not body_fits(body, gone)
