"""Endpoints that take events by what is in them: pushed, pulled, replayed, counted."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.test_endpoints import create
from tests.gateways import messenger_text, running, signed
from tests.receivers import Receiver, receiving

pytestmark = pytest.mark.anyio

ORDERS = {"message.type": ["text"], "message.body": {"prefix": "order"}, "standby": [False]}
SAID = ("order 1", "hello", "order 2")


async def say(http: httpx.AsyncClient, *texts: str) -> None:
    """Meta sends messages; their ids are their texts."""
    for text in texts:
        body = messenger_text(f"m_{text}", text)
        assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success


def texts(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"]["body"] for event in events]


async def make(http: httpx.AsyncClient, receiver: Receiver, **fields: Any) -> str:
    made = await http.post("/v1/endpoints", json={"url": receiver.url, **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_an_endpoint_gets_only_what_meets_its_conditions(tmp_path: Path) -> None:
    async with receiving() as orders, receiving() as everything, running(tmp_path) as (_, http):
        await make(http, orders, conditions=ORDERS)
        await make(http, everything, events=["message.*"])
        await say(http, *SAID)
        await everything.until(lambda arrived: len(arrived) == 3)
        await orders.until(lambda arrived: len(arrived) == 2)
        deliveries = (await http.get("/v1/deliveries")).json()["data"]
    assert texts([one.event for one in orders.deliveries]) == ["order 1", "order 2"]
    assert len(deliveries) == 5


async def test_what_follows_from_an_event_is_judged_by_what_it_is_itself(tmp_path: Path) -> None:
    started = {"conversation.started_by": ["contact"], "from": ["7001"]}
    async with receiving() as receiver, running(tmp_path) as (_, http):
        await make(http, receiver, conditions=started)
        await say(http, *SAID)
        await receiver.until(lambda arrived: len(arrived) == 1)
    assert receiver.deliveries[0].event["event"] == "conversation.started"


async def test_a_pull_endpoint_gets_only_what_meets_its_conditions(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        made = (await http.post("/v1/endpoints", json={"type": "pull", "conditions": ORDERS})).json()
        await say(http, *SAID)
        answer = (await http.post("/v1/poll", json={"endpoint_id": made["id"], "limit": 1})).json()
        rest = (
            await http.post("/v1/poll", json={"endpoint_id": made["id"], "cursor": answer["cursor"]})
        ).json()
    assert texts([one["event"] for one in (*answer["data"], *rest["data"])]) == ["order 1", "order 2"]


async def test_a_replay_takes_and_counts_only_what_meets_the_conditions(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path) as (_, http):
        await say(http, *SAID)
        asked = {"endpoint_id": await make(http, receiver, conditions=ORDERS), "since": 0}
        counted = (await http.post("/v1/replays", json={**asked, "dry_run": True})).json()
        await http.post("/v1/replays", json=asked)
        await receiver.until(lambda arrived: len(arrived) == 2)
    assert counted == {"matched": 2}
    assert texts([one.event for one in receiver.deliveries]) == ["order 1", "order 2"]


async def test_redelivering_goes_to_the_endpoints_whose_conditions_are_met(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path) as (_, http):
        await say(http, "hello")
        orders = await make(http, receiver, conditions=ORDERS)
        (event,) = (await http.get("/v1/events", params={"event": "message.received"})).json()["data"]
        path = f"/v1/events/{event['id']}/redeliver"
        assert (await http.post(path, json={})).json()["code"] == "no_endpoint"
        assert (await http.post(path, json={"endpoint_id": orders})).status_code == 202


async def test_conditions_are_kept_changed_and_taken_away(customer: httpx.AsyncClient) -> None:
    made = await create(customer, conditions=ORDERS)
    assert made["conditions"] == ORDERS
    path = f"/v1/endpoints/{made['id']}"
    changed = await customer.patch(path, json={"conditions": {"origin": {"exists": True}}})
    assert changed.json()["conditions"] == {"origin": {"exists": True}}
    assert (await customer.patch(path, json={"conditions": {}})).json()["conditions"] == {}


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"sequence": [1]}, "conditions.sequence"),
        ({"contact.name": ["Ann"]}, "conditions.contact.name"),
        ({"mesage.type": ["text"]}, "conditions.mesage.type"),
        ({"origin": {}}, "conditions.origin"),
        ({"origin": {"suffix": "x"}}, "conditions[...].suffix"),
        ({"origin": []}, "conditions[...]"),
        ({"message..type": ["text"]}, "conditions"),
        ({f"message.m{number}": [1] for number in range(11)}, "conditions"),
    ],
)
async def test_a_condition_that_can_never_be_judged_is_refused(
    customer: httpx.AsyncClient, conditions: dict[str, Any], field: str
) -> None:
    body = {"url": "https://shop.example.com/", "conditions": conditions}
    answer = await customer.post("/v1/endpoints", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
