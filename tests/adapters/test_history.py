"""Messages that are fetched afterwards become the events that their webhooks would have been."""

import json
from typing import Any

import pytest

from adapters import ADAPTERS
from adapters.base import Decoded, Identity, Inbound
from adapters.sending import Account, MediaLink, SendError, Unsendable

PAGE = Account(page_id="1001")
FROM_PERSON = {
    "id": "m_1",
    "created_time": "2026-01-01T00:00:00+0000",
    "from": {"id": "6001", "name": "Ann"},
    "to": {"data": [{"id": "1001"}]},
    "message": "Is it still there?",
}
FROM_PAGE = {
    "id": "m_2",
    "created_time": "2026-01-01T00:01:00+0000",
    "from": {"id": "1001"},
    "to": {"data": [{"id": "6001"}]},
    "message": "",
    "attachments": {
        "data": [
            {"mime_type": "image/jpeg", "image_data": {"url": "https://example.com/a.jpg"}},
            {"mime_type": "audio/mp4", "file_url": "https://example.com/a.m4a"},
        ]
    },
}


def _history(*messages: dict[str, Any]) -> tuple[bytes, ...]:
    body = {"data": [{"id": "t_1", "messages": {"data": list(messages)}}]}
    envelopes = ADAPTERS["facebook"].history_result(200, {}, json.dumps(body).encode(), PAGE)
    assert isinstance(envelopes, tuple)
    return envelopes


def _decoded(envelope: bytes) -> Decoded:
    (element,) = ADAPTERS["facebook"].decode(Inbound(envelope))
    assert isinstance(element, Decoded)
    return element


def test_the_event_is_the_same_as_by_webhook() -> None:
    (fetched,) = _history(FROM_PERSON)
    item = {
        "sender": {"id": "6001"},
        "recipient": {"id": "1001"},
        "timestamp": 1767225600000,
        "message": {"mid": "m_1", "text": "Is it still there?"},
    }
    webhook = {"object": "page", "entry": [{"id": "1001", "time": 5, "messaging": [item]}]}
    one, other = _decoded(fetched).event, _decoded(json.dumps(webhook).encode()).event
    assert (one.id, one.event, one.timestamp_ms) == (other.id, "message.received", 1767225600000)
    assert one.message == other.message


def test_what_the_page_wrote_is_an_echo_with_its_attachments() -> None:
    event = _decoded(_history(FROM_PAGE)[0]).event
    assert (event.event, event.direction, event.to) == ("message.echo", "outbound", "6001")
    assert event.message is not None
    assert [each.type for each in event.message.attachments or ()] == ["image", "audio"]


def test_the_oldest_message_comes_first() -> None:
    events = [_decoded(envelope).event for envelope in _history(FROM_PAGE, FROM_PERSON)]
    assert [event.event for event in events] == ["message.received", "message.echo"]


@pytest.mark.parametrize("missing", ["id", "created_time", "from", "to"])
def test_a_message_without_its_details_is_left_out(missing: str) -> None:
    assert _history({key: value for key, value in FROM_PERSON.items() if key != missing}) == ()


def test_the_history_is_asked_for_by_person() -> None:
    asked = ADAPTERS["facebook"].history_request(Identity("psid", "6001", "1001"), PAGE)
    assert (asked.path, asked.query["platform"]) == ("/1001/conversations", "messenger")
    assert asked.query["user_id"] == "6001"
    with pytest.raises(Unsendable):
        ADAPTERS["whatsapp"].history_request(Identity("wa_id", "1", "2"), PAGE)


def test_a_refusal_is_told() -> None:
    told = ADAPTERS["instagram"].history_result(400, {}, b'{"error":{"code":613}}', PAGE)
    assert isinstance(told, SendError)
    assert told.code == "rate_limited"


def test_media_of_whatsapp_are_asked_for_by_id() -> None:
    asked = ADAPTERS["whatsapp"].media_request("55", Account(page_id="106"))
    assert (asked.path, asked.query) == ("/55", {"phone_number_id": "106"})
    for platform in ("facebook", "instagram"):
        with pytest.raises(Unsendable):
            ADAPTERS[platform].media_request("55", PAGE)


@pytest.mark.parametrize("size", [303833, "303833"])
def test_the_url_of_media_comes_with_what_is_known(size: object) -> None:
    body = {
        "url": "https://lookaside.fbsbx.com/x",
        "mime_type": "image/jpeg",
        "sha256": "ab",
        "file_size": size,
    }
    assert ADAPTERS["whatsapp"].media_result(200, {}, json.dumps(body).encode()) == MediaLink(
        url="https://lookaside.fbsbx.com/x", mime_type="image/jpeg", sha256="ab", size=303833
    )


def test_media_without_a_url_are_an_error() -> None:
    assert isinstance(ADAPTERS["whatsapp"].media_result(200, {}, b"{}"), SendError)
