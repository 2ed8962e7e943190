"""Re-normalising in a whole gateway: an older parser took in, the present one reads again."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, running, signed
from tests.older import take_in, unknown, without_text
from tests.patience import SOON
from tests.receivers import Receiver, receiving

pytestmark = pytest.mark.anyio


async def endpoint(http: httpx.AsyncClient, receiver: Receiver, *events: str) -> None:
    made = (await http.post("/v1/endpoints", json={"url": receiver.url, "events": events})).json()
    receiver.secret = made["secret"]


async def renormalised(http: httpx.AsyncClient, **fields: object) -> dict[str, object]:
    """A run at its end."""
    made = (await http.post("/v1/renormalisations", json={"since": 0, **fields})).json()
    async with asyncio.timeout(SOON):
        while made["state"] == "running":
            made = (await http.get(f"/v1/renormalisations/{made['id']}")).json()
    return dict(made)


async def test_a_revision_arrives_signed_under_an_id_of_its_own(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path) as (gateway, http):
        await endpoint(http, receiver, "message.received")
        for number in range(3):
            await take_in(gateway, messenger_text(f"m_{number}"), without_text)
        await receiver.until(lambda deliveries: len(deliveries) == 3)
        run = await renormalised(http, rate=50)
        await receiver.until(lambda deliveries: len(deliveries) == 6)
        again = await renormalised(http)
        event_id = receiver.deliveries[0].webhook_id
        shown = (await http.get(f"/v1/events/{event_id}")).json()
    first, second = receiver.deliveries[:3], receiver.deliveries[3:]
    assert [one.webhook_id for one in second] == [f"{one.webhook_id}_r2" for one in first]
    assert [one.event["sequence"] for one in second] == [one.event["sequence"] for one in first]
    assert {one.event["message"]["body"] for one in second} == {"hi"}
    assert {one.headers.get("webhook-replay") for one in second} == {"true"}
    assert (run["revised"], again["revised"], shown["revision"]) == (3, 0, 2)


async def test_an_unknown_becomes_a_message_for_those_who_want_messages(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path) as (gateway, http):
        await endpoint(http, receiver, "message.received")
        await take_in(gateway, messenger_text("m_1"), unknown)
        counted = await renormalised(http, dry_run=True)
        assert (await http.get("/v1/events?event=unknown")).json()["data"] != []
        await renormalised(http)
        await receiver.until(lambda deliveries: len(deliveries) == 1)
        listed = (await http.get("/v1/events?event=message.*")).json()["data"]
    assert counted["revised"] == 1
    (delivery,) = receiver.deliveries
    assert delivery.webhook_id == f"{delivery.event['id']}_r2"
    assert listed == [delivery.event]
    assert delivery.event["conversation_id"] and delivery.event["message"]["body"] == "hi"


async def test_what_the_present_parser_took_in_stays_as_it_is(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        for number in range(5):
            body = messenger_text(f"m_{number}")
            assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success
        before = (await http.get("/v1/events")).json()
        run = await renormalised(http)
        assert (await http.get("/v1/events")).json() == before
    assert (run["matched"], run["examined"], run["revised"], run["added"]) == (5, 5, 0, 0)


async def test_failing_revisions_say_nothing_about_the_endpoint(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path, retry_schedule="3600") as (gateway, http):
        for number in range(15):
            await take_in(gateway, messenger_text(f"m_{number}", psid=str(7_000 + number)), without_text)
        await endpoint(http, receiver, "message.received")
        receiver.answer = lambda _: 500
        await renormalised(http)
        await receiver.until(lambda deliveries: len(deliveries) == 15)
        assert gateway.deliverer.open_circuits() == 0


async def test_who_pulls_finds_the_newest_revision_under_its_id(tmp_path: Path) -> None:
    async with running(tmp_path) as (gateway, http):
        wanted = {"type": "pull", "events": ["message.received"]}
        endpoint_id = (await http.post("/v1/endpoints", json=wanted)).json()["id"]
        await take_in(gateway, messenger_text("m_1"), without_text)
        await renormalised(http)
        (pulled,) = (await http.post("/v1/poll", json={"endpoint_id": endpoint_id})).json()["data"]
    assert pulled["webhook_id"] == pulled["headers"]["webhook-id"] == f"{pulled['event']['id']}_r2"
    assert pulled["event"]["message"]["body"] == "hi"
