"""The four formats of one event."""

import json
from typing import Any

import pytest

from adapters import _meta
from adapters.base import Inbound, Secrets
from gateway.deliver.rendering import FORMATS, Rendering, render
from gateway.deliver.signing import hub_signature, new_signing_key, socialhook_signature
from gateway.store.records import Endpoint, RawElement, Secret

SECRET = "whsec_c2VjcmV0IGZvciB0aGUgdGVzdHMgb2YgZm9ybWF0cw=="

EVENT = (
    b'{"id":"evt_aaaabbbbccccddddeeeeffffgg","version":"1","platform":"facebook","event":"message.received",'
    b'"timestamp":1750000000,"timestamp_ms":1750000000123,"page_id":"100200","from":"900800","from_kind":"psid",'
    b'"message":{"id":"m_1","type":"text","body":"Gr\\u00fc\\u00dfe","attachments":[]},"signature_verified":true,'
    b'"raw":{"sha256":"00ff","pointer":"/entry/0/messaging/0"},"conversation_id":"conv_fb_abc","sequence":3}'
)
ELEMENT = (
    b'{"sender": {"id":"900800"},\n'
    b' "message":{"mid":"m_1", "text":"Gr\\u00fc\\u00dfe", "big":12345678901234567890}}'
)
ENVELOPE = b'{"object":"page","entry":[{"id":"100200","messaging":[%b]}]}' % ELEMENT
RAW = RawElement(
    event_id="evt_aaaabbbbccccddddeeeeffffgg",
    envelope=ENVELOPE,
    element=(ENVELOPE.index(ELEMENT), ENVELOPE.index(ELEMENT) + len(ELEMENT)),
)


def _endpoint(**changes: Any) -> Endpoint:
    return Endpoint(
        **{
            "id": "ep_1",
            "customer_id": "cus_1",
            "url": "https://shop.example/",
            "secrets": (Secret(value=SECRET),),
            "created_at": 0,
            **changes,
        }
    )


def _event(**changes: Any) -> bytes:
    """EVENT with some members changed; None removes one."""
    event = {**json.loads(EVENT), **changes}
    return json.dumps({key: value for key, value in event.items() if value is not None}).encode()


def _rendered(
    format: str, body: bytes = EVENT, *, raw: RawElement | None = None, **changes: Any
) -> Rendering:
    rendering = render(format, body, endpoint=_endpoint(format=format, **changes), raw=raw)
    assert rendering
    return rendering


def _socialhook(**changes: Any) -> dict[str, Any]:
    return dict(json.loads(_rendered("socialhook", _event(**changes)).body))


def test_native_is_the_stored_event_byte_for_byte() -> None:
    rendering = _rendered("native")
    assert (rendering.body, rendering.content_type, rendering.headers) == (EVENT, "application/json", ())


def test_native_can_hold_the_element_byte_for_byte() -> None:
    body = _rendered("native", raw=RAW).body
    assert body.count(ELEMENT) == 1
    event = json.loads(body)
    assert event["raw"].pop("inline") == json.loads(ELEMENT)
    assert event == json.loads(EVENT)


@pytest.mark.parametrize(("body", "raw"), [(EVENT, None), (_event(raw=None), RAW)])
def test_an_event_without_an_element_stays_as_it_is(body: bytes, raw: RawElement | None) -> None:
    assert _rendered("native", body, raw=raw).body == body


def test_a_cloud_event_wraps_the_native_bytes() -> None:
    rendering = _rendered("cloudevents")
    assert rendering.content_type == "application/cloudevents+json"
    assert rendering.body.count(EVENT) == 1
    assert json.loads(rendering.body) == {
        "specversion": "1.0",
        "id": "evt_aaaabbbbccccddddeeeeffffgg",
        "source": "/facebook/100200",
        "type": "message.received",
        "subject": "conv_fb_abc",
        "time": "2025-06-15T15:06:40.123Z",
        "datacontenttype": "application/json",
        "data": json.loads(EVENT),
    }


def test_a_cloud_event_of_a_revision_has_an_id_of_its_own() -> None:
    event = json.loads(_rendered("cloudevents", _event(revision=2, conversation_id=None)).body)
    assert event["id"] == "evt_aaaabbbbccccddddeeeeffffgg_r2"
    assert "subject" not in event


def test_a_cloud_event_can_hold_the_element_too() -> None:
    assert ELEMENT in _rendered("cloudevents", raw=RAW).body


def test_socialhook_makes_no_number_of_a_sender_that_is_left_out() -> None:
    event = json.loads(_event(platform="whatsapp", from_kind="wa_id"))
    del event["from"]
    assert "from" not in json.loads(_rendered("socialhook", json.dumps(event).encode()).body)


def test_socialhook_adds_its_keys_to_a_messenger_text() -> None:
    event = _socialhook(contact={"id": "usr_1", "name": "Jo Doe"})
    assert event["platform"] == "facebook"
    assert event["from"] == "900800"
    assert event["page_id"] == "100200"
    assert event["webhook_id"] == "ep_1"
    assert event["profile"] == {"name": "Jo Doe"}
    assert event["message"] == {
        "id": "m_1",
        "type": "text",
        "body": "Grüße",
        "attachments": [],
        "text": "Grüße",
    }
    assert "account_id" not in event
    assert "story_id" not in event


def test_socialhook_names_account_and_story_on_instagram() -> None:
    message = {"type": "text", "id": "m_2", "body": "nice", "reply_to": {"story": {"id": "178"}}}
    event = _socialhook(platform="instagram", from_kind="igsid", message=message)
    assert (event["account_id"], event["story_id"]) == ("100200", "178")


def test_socialhook_writes_whatsapp_numbers_with_a_plus_and_files_as_documents() -> None:
    attachment = {
        "type": "file",
        "original_type": "document",
        "storable": True,
        "url": "https://cdn.example/f",
    }
    message = {"type": "file", "id": "wamid.1", "attachments": [attachment]}
    event = _socialhook(
        **{"platform": "whatsapp", "from": "15550001234", "from_kind": "wa_id"}, message=message
    )
    assert event["from"] == "+15550001234"
    assert event["message"]["type"] == "document"
    assert event["message"]["media_url"] == "https://cdn.example/f"
    assert "text" not in event["message"]


def test_socialhook_leaves_other_whatsapp_identifiers_alone() -> None:
    event = _socialhook(**{"platform": "whatsapp", "from": "BR.1234", "from_kind": "bsuid"})
    assert event["from"] == "BR.1234"


def test_socialhook_signs_the_body_with_the_newest_secret() -> None:
    secrets = (Secret(value=SECRET), Secret(value="whsec_b2xk", expires_at=1))
    rendering = _rendered("socialhook", secrets=secrets, signing_key=new_signing_key())
    signature = socialhook_signature(SECRET, rendering.body)
    assert rendering.headers == (("X-SocialHook-Signature", signature),)


def test_socialhook_knows_three_events() -> None:
    for name in ("conversation.started", "status.update"):
        assert _socialhook(event=name, message=None)["event"] == name
    for name in ("message.echo", "reaction.added", "unknown", "test"):
        assert render("socialhook", _event(event=name), endpoint=_endpoint(), raw=None) is None


def test_raw_is_the_platforms_own_envelope_under_the_endpoints_secret() -> None:
    rendering = _rendered("raw", raw=RAW)
    assert (rendering.body, rendering.content_type) == (ENVELOPE, "application/json")
    assert rendering.headers == (("X-Hub-Signature-256", hub_signature(SECRET, ENVELOPE)),)


def test_an_existing_handler_accepts_what_raw_sends() -> None:
    rendering = _rendered("raw", raw=RAW)
    headers = [(name.lower().encode(), value.encode()) for name, value in rendering.headers]
    _meta.verify(Inbound(rendering.body, headers), Secrets(app_secrets=(SECRET,), verify_token=""))


def test_raw_leaves_out_what_the_platform_did_not_send() -> None:
    assert render("raw", EVENT, endpoint=_endpoint(), raw=None) is None
    assert render("raw", _event(event="conversation.started"), endpoint=_endpoint(), raw=RAW) is None


@pytest.mark.parametrize("format", FORMATS)
def test_a_rendering_is_the_same_every_time(format: str) -> None:
    first, second = (_rendered(format, raw=RAW) for _ in range(2))
    assert first == second
