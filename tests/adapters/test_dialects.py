"""One body, several dialects."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings

from adapters import ADAPTERS, facebook, instagram, whatsapp
from adapters.base import Adapter, Decoded, Inbound, Quarantined
from adapters.dialects import decode
from tests.adapters.envelopes import body, envelope, inbound
from tests.adapters.samples import platform, samples
from tests.adapters.shapes import BODIES

PAGE = envelope(inbound(message={"mid": "m"}))
INSTAGRAM = envelope(inbound(message={"mid": "i"}), platform="instagram")
WHATSAPP = {
    "object": "whatsapp_business_account",
    "entry": [{"id": "1", "changes": [{"field": "messages", "value": {"messages": [{"id": "w"}]}}]}],
}


def _places(raw: bytes, by_path: Adapter = facebook) -> list[tuple[str, str]]:
    """Platform and pointer of every element."""
    found = []
    for element in decode(Inbound(raw), by_path):
        assert isinstance(element, Decoded) and element.event.raw is not None
        assert element.event.raw.sha256 == hashlib.sha256(raw).hexdigest()
        found.append((element.event.platform, element.event.raw.pointer))
    return found


def test_every_envelope_of_an_array_is_read_in_its_own_dialect() -> None:
    assert _places(body([PAGE, WHATSAPP, INSTAGRAM])) == [
        ("facebook", "/0/entry/0/messaging/0"),
        ("whatsapp", "/1/entry/0/changes/0/value/messages/0"),
        ("instagram", "/2/entry/0/messaging/0"),
    ]


def test_half_a_character_changes_no_dialect() -> None:
    raw = body([PAGE, WHATSAPP]).replace(b'"m"', b'"m","text":"\\ud83d"')
    assert [name for name, _ in _places(raw)] == ["facebook", "whatsapp"]


@pytest.mark.parametrize("envelope", [PAGE | {"object": "new"}, {"entry": PAGE["entry"]}])
def test_without_an_object_that_somebody_knows_the_path_decides(envelope: dict[str, Any]) -> None:
    assert _places(body(envelope), instagram) == [("instagram", "/entry/0/messaging/0")]
    found = [name for name, _ in _places(body([envelope, WHATSAPP]), instagram)]
    assert found == ["instagram", "whatsapp"]


def test_what_is_no_envelope_is_quarantined_where_it_stands() -> None:
    found = decode(Inbound(body([PAGE, 5, WHATSAPP])), whatsapp)
    assert found[1] == Quarantined(reason="not_an_object", pointer="/1", body=b"5")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"),
        (b"[", "not_json"),
        (b"[]", "no_entries"),
        (b"[" * 100_000, "too_deep"),
        (b'[{"object":"page","a":' + b"[" * 100_000, "too_deep"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
    ],
)
def test_what_cannot_be_read_is_quarantined_whole(raw: bytes, reason: str) -> None:
    assert decode(Inbound(raw), facebook) == [Quarantined(reason=reason, pointer="", body=raw)]


@given(BODIES)
@settings(max_examples=100, deadline=None)
def test_no_body_is_too_odd(value: Any) -> None:
    assert decode(Inbound(json.dumps(value).encode()), facebook)


@pytest.mark.parametrize("by_path", ADAPTERS.values(), ids=list(ADAPTERS))
def test_a_body_of_one_dialect_is_its_adapters_own(by_path: Adapter) -> None:
    for sample in samples():
        raw, adapter = Inbound(sample.read_bytes()), ADAPTERS[platform(sample)]
        if b'"object":"%b"' % adapter.OBJECT.encode() in raw.body.replace(b" ", b""):
            assert decode(raw, by_path) == adapter.decode(raw)
