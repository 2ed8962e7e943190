"""What a stored event is when its element is decoded again, by the adapters of today."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Raw
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound
from adapters.event import Contact, Placement, Window, encode, patch, place
from adapters.message import Target
from adapters.parts import PersonIdentity
from gateway.revision import revised
from tests.adapters.samples import platform, samples

PLACEMENT = Placement(
    conversation_id="conv_fb_abc",
    sequence=7,
    received_at_ms=1_767_225_600_000,
    contact=Contact(id="usr_1", name="Jo", identities=(PersonIdentity(kind="psid", value="1", scope="2"),)),
    window=Window(free_form_until=5, human_agent_until=None),
    revision=3,
    supersedes=("evt_a",),
)


def decoded(name: str, body: bytes) -> list[Decoded]:
    return [one for one in ADAPTERS[name].decode(Inbound(body)) if isinstance(one, Decoded)]


def stored(one: Decoded) -> bytes:
    """The event as a store writes it, with all that only a store can say."""
    body, event = encode(one.event), one.event
    if one.target is not None:
        for part in ("message", "reaction"):
            if getattr(event, part) is not None:
                body = patch(body, part, {"target": Target(message_id=one.target, known=True)})
    if event.status is not None:
        body = patch(body, "status", {"stale": True})
    if event.identity is not None:
        body = patch(body, "identity", {"previous_conversation_id": "conv_fb_old"})
    return place(body, PLACEMENT)


def text(body: str = "hello") -> Decoded:
    item = {"sender": {"id": "7"}, "recipient": {"id": "1"}, "message": {"mid": "m_1", "text": body}}
    envelope = {"object": "page", "entry": [{"id": "1", "time": 5, "messaging": [item]}]}
    (found,) = decoded("facebook", json.dumps(envelope).encode())
    return found


def read(body: bytes | None) -> dict[str, Any]:
    assert body is not None
    return dict(json.loads(body))


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: f"{platform(sample)}/{sample.stem}")
def test_the_same_parser_changes_nothing(sample: Path) -> None:
    for one in decoded(platform(sample), sample.read_bytes()):
        (again,) = decoded(platform(sample), one.envelope)
        assert revised(stored(one), again) is None


def test_what_the_store_added_stays_and_the_number_is_the_stores_to_give() -> None:
    before, after = text("helo"), text("hello")
    found = read(revised(place(encode(before.event), PLACEMENT), after))
    assert found["message"]["body"] == "hello"
    kept = json.loads(msgspec.json.encode(PLACEMENT))
    assert kept.pop("revision") == 3 and "revision" not in found
    assert {key: found[key] for key in kept} == kept


def test_the_way_into_the_received_body_stays() -> None:
    before, after = text("helo"), text("hello")
    assert before.event.raw is not None
    elsewhere = replace(before.event.raw, sha256="ab" * 32, pointer="/entry/4/messaging/2")
    found = read(revised(encode(replace(before.event, raw=elsewhere)), after))
    assert found["raw"] == {"sha256": "ab" * 32, "pointer": "/entry/4/messaging/2"}


def test_the_platforms_bytes_leave_an_event_that_is_unknown_no_more() -> None:
    after = text()
    assert after.event.raw is not None
    inline = replace(after.event.raw, inline=Raw(b'{"a":1}'))
    before = replace(after.event, event="unknown", message=None, raw=inline)
    found = read(revised(encode(before), after))
    assert (found["event"], "inline" in found["raw"]) == ("message.received", False)


def test_a_target_that_turns_out_to_be_another_is_not_called_known() -> None:
    item = {"sender": {"id": "7"}, "recipient": {"id": "1"}, "reaction": {"mid": "m_1", "action": "react"}}
    envelope = {"object": "page", "entry": [{"id": "1", "time": 5, "messaging": [item]}]}
    (after,) = decoded("facebook", json.dumps(envelope).encode())
    wrong = {"target": Target(message_id="m_0", known=True)}
    found = read(revised(patch(encode(after.event), "reaction", wrong), after))
    assert found["reaction"]["target"] == {"message_id": "m_1"}


def test_the_order_of_keys_is_no_content() -> None:
    one = text()
    turned = json.dumps(dict(reversed(json.loads(encode(one.event)).items()))).encode()
    assert revised(turned, one) is None
