"""What the webhook endpoint lets in, keeps, and refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.inbound import answers
from gateway.inbound.webhooks import MAX_BODY
from tests.gateways import APP_SECRET, OLD_APP_SECRET, VERIFY_TOKEN, messenger_text, running, signed

pytestmark = pytest.mark.anyio
HANDSHAKE = "/webhooks/facebook?hub.mode=subscribe&hub.challenge={}&hub.verify_token={}"
BODY = messenger_text("m_1")


async def test_a_signed_message_is_stored_and_answered_with_200(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY))
        events = (await http.get("/v1/events?event=message.received")).json()["data"]
    assert answer.status_code == 200
    assert [event["message"]["id"] for event in events] == ["m_1"]


async def test_the_old_app_secret_still_counts_during_a_rotation(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY, OLD_APP_SECRET))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "no_signature"),
        ({"x-hub-signature-256": ""}, "no_signature"),
        ({"x-hub-signature": "sha1=3daa41999293ff66c3eb313e04bcf77861bb0276"}, "legacy_signature"),
        ({"x-hub-signature-256": "sha256="}, "malformed_signature"),
        ({"x-hub-signature-256": "sha256=deadbeef"}, "malformed_signature"),
        ({"x-hub-signature-256": "sha1=" + "0" * 64}, "malformed_signature"),
        ({"x-hub-signature-256": "0" * 71}, "malformed_signature"),
        ({"x-hub-signature-256": "sha256=" + "0" * 64}, "wrong_signature"),
        ({"x-hub-signature-256": "sha256=" + "z" * 64}, "malformed_signature"),
        (signed(BODY, "another secret"), "wrong_signature"),
        (signed(BODY + b" "), "wrong_signature"),
    ],
)
async def test_an_unproven_body_is_refused_with_one_sentence(
    tmp_path: Path, headers: dict[str, str], reason: str
) -> None:
    async with running(tmp_path) as (gateway, http):
        answer = await http.post("/webhooks/facebook", content=BODY, headers=headers)
        stored = (await http.get("/v1/events")).json()["data"]
    assert (answer.status_code, answer.content) == (401, answers.REFUSED)
    assert stored == []
    assert [refusal.reason for refusal in gateway.refusals.newest()] == [reason]


async def test_a_signature_header_in_other_bytes_is_refused_not_crashed_on(tmp_path: Path) -> None:
    headers = [(b"x-hub-signature-256", b"sha256=" + "é".encode() * 32)]
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=BODY, headers=headers)
    assert (answer.status_code, answer.content) == (401, answers.REFUSED)


async def test_an_empty_body_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=b"", headers=signed(b""))
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"{", b"blargh", b"  ", b"{\xff}", b"[]", b"3", b"null", b'{"entry":'])
async def test_signed_bytes_that_cannot_be_read_are_quarantined_and_answered_with_200(
    tmp_path: Path, body: bytes
) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/whatsapp", content=body, headers=signed(body))
        kept = (await http.get("/v1/quarantine")).json()["data"]
    assert answer.status_code == 200
    assert len(kept) == 1


async def test_the_challenge_comes_back_byte_for_byte(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.get(HANDSHAKE.format("0115%8F%20+820", VERIFY_TOKEN))
    assert (answer.status_code, answer.content) == (200, b"0115\x8f  820")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    [
        HANDSHAKE.format("1", "wrong"),
        HANDSHAKE.format("1", ""),
        "/webhooks/facebook?hub.mode=subscribe&hub.challenge=1",
        f"/webhooks/facebook?hub.challenge=1&hub.verify_token={VERIFY_TOKEN}",
        "/webhooks/facebook",
    ],
)
async def test_a_wrong_handshake_is_forbidden(tmp_path: Path, path: str) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.get(path)
    assert (answer.status_code, answer.content) == (403, answers.WRONG_TOKEN)


async def test_a_body_over_the_limit_is_refused_announced_or_not(tmp_path: Path) -> None:
    body = b'{"object":"page","entry":[],"padding":"' + b"x" * MAX_BODY + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    async with running(tmp_path) as (_, http):
        announced = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        streamed = await http.post("/webhooks/facebook", content=pieces(), headers=signed(body))
    assert (announced.status_code, streamed.status_code) == (413, 413)


async def test_a_body_just_under_the_limit_is_taken(tmp_path: Path) -> None:
    text = "x" * (MAX_BODY - 300)
    body = messenger_text("m_long", text)
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        event = (await http.get("/v1/events?event=message.received")).json()["data"][0]
    assert answer.status_code == 200
    assert event["message"]["body"] == text


async def test_an_unknown_platform_or_app_is_not_found(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answers_ = [
            await http.post(path, content=BODY, headers=signed(BODY))
            for path in ("/webhooks/telegram", "/webhooks/facebook/no-such-app", "/webhooks/")
        ]
    assert [answer.status_code for answer in answers_] == [404, 404, 404]


async def test_other_methods_are_not_allowed(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        answer = await http.put("/webhooks/facebook", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_the_object_chooses_the_adapter_whatever_the_path(tmp_path: Path) -> None:
    body = BODY.replace(b'"page"', b'"instagram"')
    async with running(tmp_path) as (_, http):
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        event = (await http.get("/v1/events?event=message.received")).json()["data"][0]
    assert event["platform"] == "instagram"


async def test_the_store_unavailable_means_503_and_meta_sends_again(tmp_path: Path) -> None:
    async with running(tmp_path) as (gateway, http):
        await gateway.store.close()
        answer = await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY))
        await gateway.store.open()
        again = await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY))
    assert (answer.status_code, again.status_code) == (503, 200)


async def test_an_app_has_its_own_path_and_its_secret_opens_no_other(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        app = await _app(http, "secret-of-the-second-app")
        path = f"/webhooks/facebook/{app}"
        own = await http.post(path, content=BODY, headers=signed(BODY, "secret-of-the-second-app"))
        foreign = await http.post(path, content=BODY, headers=signed(BODY, APP_SECRET))
        elsewhere = await http.post(
            "/webhooks/facebook", content=BODY, headers=signed(BODY, "secret-of-the-second-app")
        )
    assert (own.status_code, foreign.status_code, elsewhere.status_code) == (200, 401, 401)


async def test_what_another_app_signed_for_a_bound_page_stays_unrouted(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        first, second = await _app(http, "first-secret"), await _app(http, "second-secret")
        await http.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001", "app_id": first})
        forged = messenger_text("m_forged")
        await http.post(
            f"/webhooks/facebook/{second}", content=forged, headers=signed(forged, "second-secret")
        )
        unrouted = (await http.get("/v1/events?unrouted=true")).json()["data"]
    assert [event["message"]["id"] for event in unrouted if "message" in event] == ["m_forged"]


async def _app(http: httpx.AsyncClient, secret: str) -> str:
    body = {"name": secret, "app_secrets": [secret], "verify_token": "a-token-of-its-own"}
    return str((await http.post("/v1/apps", json=body)).json()["id"])


@pytest.mark.parametrize("depth", [200, 900, 1_000, 5_000, 100_000])
async def test_however_deep_it_is_nested_nothing_of_it_is_lost(tmp_path: Path, depth: int) -> None:
    deep = f'{{"sender":{{"id":"7"}},"x":{"[" * depth}{"]" * depth}}},'
    body = messenger_text("m_sibling").replace(b'"messaging":[', b'"messaging":[' + deep.encode())
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        events = (await http.get("/v1/events?event=message.received")).json()["data"]
        kept = (await http.get("/v1/quarantine")).json()["data"]
    assert answer.status_code == 200
    assert [event["message"]["id"] for event in events] == ["m_sibling"] or "m_sibling" in str(kept)


async def test_a_request_of_thousands_of_elements_is_stored_whole(tmp_path: Path) -> None:
    items = ",".join(f'{{"sender":{{"id":"{n}"}},"x":{n}}}' for n in range(8_000))
    body = f'{{"object":"page","entry":[{{"id":"1001","time":1,"messaging":[{items}]}}]}}'.encode()
    async with running(tmp_path) as (_, http):
        answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        metrics = (await http.get("/metrics")).text
    assert answer.status_code == 200
    assert 'gateway_elements_total{state="stored"} 8000' in metrics
