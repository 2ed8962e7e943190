"""What an endpoint does not want to know is not sent to it."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.deliver.redaction import Field, redacted
from gateway.deliver.rendering import FORMATS, render
from gateway.store.records import RawElement
from tests.store.samples import endpoint

EVENT = {
    "id": "evt_1",
    "platform": "facebook",
    "event": "message.received",
    "version": "1",
    "timestamp": 1,
    "timestamp_ms": 1000,
    "page_id": "1001",
    "from": "7001",
    "contact": {"id": "usr_1", "name": "Philippa"},
    "message": {"id": "m_1", "type": "text", "body": "the secret", "attachments": []},
    "raw": {"sha256": "0", "pointer": "", "inline": {"text": "the secret"}},
}
BODY = json.dumps(EVENT).encode()
FIELDS = ("contact.name", "message.body", "from")


def test_named_fields_go_and_everything_else_stays() -> None:
    event = json.loads(redacted(BODY, FIELDS))
    assert event["contact"] == {"id": "usr_1"}
    assert event["message"] == {"id": "m_1", "type": "text", "attachments": []}
    assert "from" not in event and event["raw"] == {"sha256": "0", "pointer": ""}


@given(st.sets(st.sampled_from(get_args(Field))))
def test_the_same_fields_leave_the_same_bytes(fields: set[str]) -> None:
    once = redacted(BODY, sorted(fields))
    assert once == redacted(BODY, sorted(fields)) == redacted(once, sorted(fields))


def test_no_format_lets_them_through() -> None:
    raw = RawElement(event_id="evt_1", envelope=b'{"text":"the secret"}', element=(0, 21))
    for name in FORMATS:
        rendering = render(name, BODY, endpoint=endpoint(redact=FIELDS), raw=raw)
        assert rendering is None or (b"secret" not in rendering.body and b"Philippa" not in rendering.body)


WAMID = "wamid.HBgNNTUxMTk5OTk5MDAwMBUCABIYFDNB"
ON_WHATSAPP = {
    **EVENT,
    "platform": "whatsapp",
    "message": {
        "id": WAMID,
        "type": "image",
        "body": "hi",
        "attachments": [{"type": "image", "caption": "hi"}],
    },
    "reaction": {"target": {"message_id": WAMID}},
    "status": {"message_ids": [WAMID, "other"]},
}


@pytest.mark.parametrize("field", ["from", "to", "contact.identities"])
def test_without_an_address_the_number_in_an_id_goes_too_and_the_id_stays_the_same_one(field: str) -> None:
    body = redacted(json.dumps(ON_WHATSAPP).encode(), (field,))
    event = json.loads(body)
    assert b"HBgN" not in body
    hashed, other = event["status"]["message_ids"]
    assert hashed == event["message"]["id"] == event["reaction"]["target"]["message_id"]
    assert hashed.startswith("wamid_") and other == "other"


def test_ids_stay_where_the_address_may_be_known() -> None:
    event = json.loads(redacted(json.dumps(ON_WHATSAPP).encode(), ("message.body",)))
    assert event["message"]["id"] == WAMID


def test_a_caption_is_text_of_the_message() -> None:
    event = json.loads(redacted(json.dumps(ON_WHATSAPP).encode(), ("message.body",)))
    assert event["message"]["attachments"] == [{"type": "image"}]


@pytest.mark.parametrize("field", ["call", "feed", "lead", "mention", "review"])
def test_what_has_no_text_of_its_own_can_be_left_out_as_a_whole(field: str) -> None:
    event = EVENT | {field: {"from": "7001", "text": "the secret"}}
    assert field not in json.loads(redacted(json.dumps(event).encode(), (field,)))
