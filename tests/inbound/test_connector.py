"""Pages connect themselves while one customer exists; then no more."""

from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, running, signed

pytestmark = pytest.mark.anyio


async def _post(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
    assert answer.status_code == 200


async def test_a_new_page_connects_itself_to_the_only_customer(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        await _post(http, messenger_text("m_1", page="1001"))
        accounts = (await http.get("/v1/accounts")).json()["data"]
    assert [(one["platform"], one["page_id"], one["customer_id"]) for one in accounts] == [
        ("facebook", "1001", "default")
    ]


async def test_a_second_customer_ends_it_and_the_event_waits_unrouted(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        await http.post("/v1/customers", json={"name": "Second"})
        await _post(http, messenger_text("m_1", page="1002"))
        accounts = (await http.get("/v1/accounts")).json()["data"]
        unrouted = (await http.get("/v1/events?unrouted=true&event=message.received")).json()["data"]
    assert accounts == []
    assert [event["page_id"] for event in unrouted] == ["1002"]


async def test_the_switch_stops_it(tmp_path: Path) -> None:
    async with running(tmp_path, auto_connect="false") as (_, http):
        await _post(http, messenger_text("m_1", page="1003"))
        assert (await http.get("/v1/accounts")).json()["data"] == []


async def test_the_dashboards_test_connects_nothing(tmp_path: Path) -> None:
    body = messenger_text("m_test", page="0")
    async with running(tmp_path) as (_, http):
        await _post(http, body)
        assert (await http.get("/v1/accounts")).json()["data"] == []
