"""Replays from the request to the receiver, in a whole gateway."""

from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, running, signed
from tests.receivers import Delivery, receiving

pytestmark = pytest.mark.anyio

MESSAGES = {"events": ["message.received"]}


async def receive(http: httpx.AsyncClient, *mids: str) -> None:
    """Take in one message for each id, all of one conversation."""
    for mid in mids:
        body = messenger_text(mid)
        answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        assert answer.status_code == 200


def mids(deliveries: list[Delivery]) -> list[str]:
    return [one.event["message"]["id"] for one in deliveries]


async def test_what_came_before_an_endpoint_arrives_in_order_marked_and_signed(tmp_path: Path) -> None:
    wanted = [f"m_{number}" for number in range(20)]
    async with receiving() as receiver, running(tmp_path) as (_, http):
        await receive(http, *wanted)
        made = (await http.post("/v1/endpoints", json={"url": receiver.url, **MESSAGES})).json()
        receiver.secret = made["secret"]
        replay = await http.post("/v1/replays", json={"endpoint_id": made["id"], "since": 0})
        await receiver.until(lambda deliveries: len(deliveries) == len(wanted))
        ended = (await http.get(f"/v1/replays/{replay.json()['id']}")).json()
    assert mids(receiver.deliveries) == wanted
    assert {one.headers.get("webhook-replay") for one in receiver.deliveries} == {"true"}
    assert (ended["state"], ended["matched"], ended["done"]) == ("done", 20, 20)


async def test_what_waited_for_its_page_comes_with_the_start_of_its_conversation(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path, auto_connect="false") as (_, http):
        await receive(http, "m_1", "m_2")
        page = {"platform": "facebook", "page_id": "1001"}
        await http.post("/v1/accounts", json=page)
        made = (await http.post("/v1/endpoints", json={"url": receiver.url})).json()
        waited = {"endpoint_id": made["id"], "since": 0, "unrouted": True, **page}
        await http.post("/v1/replays", json=waited)
        await receiver.until(lambda deliveries: len(deliveries) == 3)
        left = (await http.get("/v1/events?unrouted=true")).json()["data"]
    names = [one.event["event"] for one in receiver.deliveries]
    assert names == ["conversation.started", "message.received", "message.received"]
    assert [one.event["sequence"] for one in receiver.deliveries] == [1, 2, 3]
    assert left == []


async def test_a_replay_is_carried_on_by_the_process_that_comes_after(tmp_path: Path) -> None:
    async with receiving() as receiver:
        async with running(tmp_path) as (_, http):
            await receive(http, "m_1", "m_2", "m_3")
            made = (await http.post("/v1/endpoints", json={"url": receiver.url, **MESSAGES})).json()
            body = {"endpoint_id": made["id"], "since": 0, "rate": 1}
            await http.post("/v1/replays", json=body)
            await receiver.until(lambda deliveries: len(deliveries) == 1)
        async with running(tmp_path):
            await receiver.until(lambda deliveries: len(deliveries) == 3)
    assert mids(receiver.deliveries) == ["m_1", "m_2", "m_3"]


async def test_a_replay_that_fails_says_nothing_about_the_endpoint(tmp_path: Path) -> None:
    wanted = [f"m_{number}" for number in range(15)]
    async with receiving() as receiver, running(tmp_path, retry_schedule="3600") as (gateway, http):
        await receive(http, *wanted)
        body = {"url": receiver.url, "ordering": "none", **MESSAGES}
        made = (await http.post("/v1/endpoints", json=body)).json()
        receiver.answer = lambda _: 500
        await http.post("/v1/replays", json={"endpoint_id": made["id"], "since": 0})
        await receiver.until(lambda deliveries: len(deliveries) == len(wanted))
        assert gateway.deliverer.open_circuits() == 0
