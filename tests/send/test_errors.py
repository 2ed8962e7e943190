"""Refusals of Meta's come back in our words, with Meta's numbers, on every channel."""

from pathlib import Path
from typing import Any

import pytest

from gateway.simulator.faults import Fault
from tests.send.stage import stage, text

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("platform", "fault", "code"),
    [
        ("facebook", {"code": 551}, "psid_invalid"),
        ("facebook", {"code": 100, "subcode": 2018001}, "psid_invalid"),
        ("facebook", {"code": 200, "subcode": 1545041}, "blocked_by_user"),
        ("facebook", {"code": 10, "subcode": 2018278}, "outside_window"),
        ("facebook", {"code": 10, "subcode": 1893015}, "opted_out"),
        ("facebook", {"code": 190}, "token_expired"),
        ("facebook", {"code": 200}, "permission"),
        ("facebook", {"code": 368}, "policy"),
        ("facebook", {"code": 100}, "invalid"),
        ("instagram", {"code": 10, "subcode": 2534022}, "outside_window"),
        ("whatsapp", {"code": 131047}, "outside_window"),
        ("whatsapp", {"code": 131050}, "opted_out"),
        ("whatsapp", {"code": 131051}, "unsupported"),
    ],
)
async def test_a_refusal_is_told_in_our_words_and_metas_numbers(
    tmp_path: Path, store_url: str, platform: str, fault: dict[str, Any], code: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears(platform)
        on.meta.faults.add(Fault(kind="error", **fault))
        accepted = (await on.send(received)).json()
        failed = await on.event("message.send_failed")
        shown = await on.until(accepted["id"], "failed")
        if code == "opted_out":
            assert (await on.event("contact.opted_out"))["contact"]["id"] == received["contact"]["id"]
    error = failed["outgoing"]["error"]
    assert (error["code"], error["platform_code"]) == (code, fault["code"])
    assert error["trace_id"] == shown["error"]["trace_id"]
    assert failed["conversation_id"] == received["conversation_id"]
    assert on.said(platform) == []


async def test_a_token_that_has_ended_is_told_once_whoever_finds_out(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        token = on.meta.token(received["page_id"])
        token.ended = 460
        for _ in range(3):
            await on.until((await on.send(received)).json()["id"], "failed")
        told = (await on.event("account.degraded"))["account"]
        health = await on.http.get(f"/v1/accounts/{told['id']}/health")
        assert (told["reason"], health.json()["healthy"]) == ("token_expired", False)
        assert len(on.events("account.degraded")) == 1
        token.ended = None
        assert (await on.http.get(f"/v1/accounts/{told['id']}/health")).json()["healthy"]
        shown = await on.http.get(f"/v1/accounts/{told['id']}")
        assert shown.json()["degraded"] is None
        token.ended = 463
        await on.http.get(f"/v1/accounts/{told['id']}/health")
        await on.receiver.until(lambda _: len(on.events("account.degraded")) == 2)


async def test_a_status_that_says_failed_ends_a_message_that_was_taken(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("whatsapp")
        on.meta.manner.recipient_errors = "webhook"
        on.meta.advance(25 * 3600)
        accepted = (await on.send(received)).json()
        failed = await on.event("message.send_failed")
    assert failed["outgoing"]["id"] == accepted["id"]
    assert failed["outgoing"]["error"]["code"] == "outside_window"


async def test_an_account_in_trouble_slows_nobody_else(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        stuck, free = await on.hears("facebook"), await on.hears("whatsapp")
        on.meta.faults.add(Fault(kind="error", code=32))
        await on.send(stuck)
        later = (await on.send(free)).json()
        await on.until(later["id"], "read")
        assert (await on.http.get("/v1/messages?platform=facebook")).json()["data"][0]["state"] != "failed"


async def test_of_a_message_that_is_half_sent_the_ids_are_told(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        picture = {"type": "image", "url": "https://example.com/cat.jpg", "caption": "A cat"}
        on.meta.faults.add(Fault(kind="slow", seconds=0))
        on.meta.faults.add(Fault(kind="error", code=100))
        accepted = (await on.send(received, message=picture)).json()
        failed = await on.event("message.send_failed")
        shown = await on.until(accepted["id"], "failed")
    assert len(failed["outgoing"]["message_ids"]) == 1
    assert (failed["outgoing"]["message_ids"], failed["outgoing"]["parts"]) == (shown["message_ids"], 2)
    assert shown["parts"] == 2


async def test_a_bsuid_that_nobody_has_ends_in_a_failure(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("whatsapp")
        accepted = (await on.send(received, to="US.12345678901234")).json()
        failed = await on.event("message.send_failed")
        shown = await on.until(accepted["id"], "failed")
    assert (failed["outgoing"]["error"]["code"], shown["error"]["platform_code"]) == ("psid_invalid", 131026)


@pytest.mark.parametrize(
    ("platform", "home", "kind"),
    [
        ("whatsapp", "facebook", None),
        ("whatsapp", "instagram", "phone"),
        ("facebook", "instagram", None),
        ("instagram", "facebook", None),
        ("facebook", "facebook", "user_ref"),
        ("facebook", "facebook", "phone"),
    ],
)
async def test_an_id_of_a_person_is_used_where_it_belongs_only(
    tmp_path: Path, store_url: str, platform: str, home: str, kind: str | None
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        value = (await on.hears(home))["from"]
        to = value if kind is None else {"kind": kind, "value": value}
        wish = {"platform": platform, "page_id": on.assets[platform].id, "to": to}
        answer = await on.http.post("/v1/messages", json=wish | {"message": text("hi")})
        assert (answer.status_code, answer.json()["code"]) == (409, "account_mismatch")
        assert (await on.http.get("/v1/messages")).json()["data"] == []
