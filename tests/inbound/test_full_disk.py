"""A gateway whose disk runs short: Meta is asked to send again, customers get what there is."""

import logging
from pathlib import Path

import httpx
import pytest

from tests.api.test_metrics import read
from tests.disks import ballast, small_disk
from tests.gateways import messenger_text, running, signed
from tests.receivers import receiving

pytestmark = pytest.mark.anyio

MORE_THAN_THERE_IS = str(10**9)


async def post(http: httpx.AsyncClient, mid: str, body: bytes = b"") -> int:
    """The status that Meta sees."""
    body = body or messenger_text(mid)
    return (await http.post("/webhooks/facebook", content=body, headers=signed(body))).status_code


async def test_meta_gets_503_and_readiness_says_why(tmp_path: Path) -> None:
    async with running(tmp_path, min_free_disk_mb=MORE_THAN_THERE_IS) as (_, http):
        statuses = [await post(http, "m_1"), await post(http, "m_2", b"not json")]
        ready = await http.get("/readyz")
        shown = await read(http)
    assert statuses == [503, 503]
    assert ready.status_code == 503
    assert "MiB of disk space are free" in ready.json()["reason"]
    assert ready.json()["facts"]["free_disk_bytes"] > 0
    assert shown["gateway_store_writable"] == 0
    assert shown["gateway_intake_stops_total"] == 1
    assert {"gateway_disk_free_bytes", "gateway_store_wal_bytes", "gateway_store_unused_bytes"} <= set(shown)


async def test_what_is_not_signed_is_still_refused_as_such(tmp_path: Path) -> None:
    async with running(tmp_path, min_free_disk_mb=MORE_THAN_THERE_IS) as (_, http):
        assert (await http.post("/webhooks/facebook", content=b"{}")).status_code == 401


async def test_refused_requests_do_not_fill_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running(tmp_path, min_free_disk_mb=MORE_THAN_THERE_IS) as (_, http):
        for number in range(20):
            await post(http, f"m_{number}")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_message_is_refused_whole_and_taken_when_there_is_room_again(tmp_path: Path) -> None:
    account = {"platform": "facebook", "page_id": "1001", "access_token": "EAAB"}
    wish = {
        "platform": "facebook",
        "page_id": "1001",
        "to": "7001",
        "message": {"type": "text", "body": "hi"},
    }
    with small_disk(tmp_path / "disk", 32) as disk:
        async with running(disk, min_free_disk_mb="16") as (_, http):
            await http.post("/v1/accounts", json=account)
            with ballast(disk, 20):
                assert (await http.get("/readyz")).status_code == 503
                refused = await http.post("/v1/messages", json=wish, headers={"Idempotency-Key": "k"})
            kept = (await http.get("/v1/messages")).json()["data"]
            assert (await http.get("/readyz")).status_code == 200
            taken = await http.post("/v1/messages", json=wish, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("store_unavailable", "5")
    assert (kept, taken.status_code) == ([], 202)


async def test_deliveries_go_on_and_the_intake_comes_back(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 32) as disk:
        async with receiving() as receiver, running(disk, min_free_disk_mb="16") as (_, http):
            made = await http.post("/v1/endpoints", json={"url": receiver.url, "status": "paused"})
            path = f"/v1/endpoints/{made.json()['id']}"
            before = await post(http, "m_1")
            with ballast(disk, 20):
                assert (await http.get("/readyz")).status_code == 503
                short = await post(http, "m_2")
                await http.patch(path, json={"status": "active"})
                await receiver.until(lambda taken: len(taken) == 2)
            assert (await http.get("/readyz")).status_code == 200
            after = await post(http, "m_2")
            await receiver.until(lambda taken: len(taken) == 3)
    assert (before, short, after) == (200, 503, 200)
