"""Fetching events instead of having them sent."""

import asyncio
from pathlib import Path
from time import time as now
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Raw, Struct
from standardwebhooks import Webhook

from gateway.services import Services
from tests.api.arrivals import ELEMENT, arrival
from tests.api.conftest import NOW, Time, Woken
from tests.api.test_endpoints import create
from tests.gateways import messenger_text, running, signed
from tests.patience import SOON

pytestmark = pytest.mark.anyio


class Item(Struct):
    """One event of an answer, its bytes as they stand there."""

    headers: dict[str, str]
    event: Raw


class Answer(Struct):
    data: list[Item]


async def create_pull(http: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/endpoints", json={"type": "pull", **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def poll(http: httpx.AsyncClient, endpoint: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/poll", json={"endpoint_id": endpoint["id"], **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(answer: dict[str, Any]) -> list[str]:
    return [item["webhook_id"] for item in answer["data"]]


async def test_a_pull_endpoint_has_a_secret_and_no_url(customer: httpx.AsyncClient) -> None:
    made = await create_pull(customer, events=["message.*"], ed25519=True)
    shown = (await customer.get(f"/v1/endpoints/{made['id']}")).json()
    assert (shown["type"], shown["url"], shown["events"]) == ("pull", None, ["message.*"])
    assert (made["secret"][:6], made["public_key"][:5]) == ("whsec_", "whpk_")
    assert (await create(customer))["type"] == "push"


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        ({"type": "pull", "url": "https://a.example.com"}, ["url"]),
        ({"type": "pull", "headers": {}, "concurrency": 3, "status": "paused"}, 3),
        ({"type": "push"}, ["url"]),
        ({"url": "https://a.example.com", "since": 5}, ["since"]),
        ({"type": "pull", "since": NOW}, ["since"]),
        ({"type": "fetch"}, ["type"]),
    ],
)
async def test_what_does_not_fit_the_type_is_named(
    customer: httpx.AsyncClient, body: dict[str, Any], at_fault: Any
) -> None:
    answer = await customer.post("/v1/endpoints", json=body)
    fields = [error["field"] for error in answer.json()["errors"]]
    assert answer.status_code == 422
    assert at_fault in (fields, len(fields))


async def test_filters_of_a_pull_endpoint_can_change_and_its_type_cannot(
    customer: httpx.AsyncClient,
) -> None:
    path = f"/v1/endpoints/{(await create_pull(customer))['id']}"
    assert (await customer.patch(path, json={"events": ["unknown"]})).json()["events"] == ["unknown"]
    for change in ({"url": "https://a.example.com"}, {"type": "push"}, {"status": "paused"}):
        assert (await customer.patch(path, json=change)).status_code == 422


async def test_events_come_until_their_cursor_is_posted(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint = await create_pull(customer, events=["message.received"])
    await services.store.accept([arrival(number) for number in (1, 2, 3)])
    first = await poll(customer, endpoint, limit=2)
    again = await poll(customer, endpoint, limit=2)
    rest = await poll(customer, endpoint, cursor=first["cursor"])
    nothing = await poll(customer, endpoint, cursor=rest["cursor"])
    assert names(first) == names(again) == [f"evt_{number:026d}" for number in (1, 2)]
    assert names(rest) == [f"evt_{3:026d}"]
    assert nothing == {"data": [], "cursor": rest["cursor"]}


@pytest.mark.parametrize("format_", ["native", "cloudevents", "raw"])
async def test_the_bytes_of_an_event_are_what_is_signed(
    services: Services, customer: httpx.AsyncClient, time: Time, format_: str
) -> None:
    endpoint = await create_pull(customer, events=["message.received"], format=format_, include_raw=True)
    await services.store.accept([arrival(1)])
    time.now = int(now() * 1_000)
    answer = await customer.post("/v1/poll", json={"endpoint_id": endpoint["id"]})
    (item,) = msgspec.json.decode(answer.content, type=Answer).data
    Webhook(endpoint["secret"]).verify(bytes(item.event), item.headers)
    assert ELEMENT in bytes(item.event)


async def test_an_event_that_the_format_leaves_out_is_passed_over(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint = await create_pull(customer, events=["conversation.started"], format="raw")
    await services.store.accept([arrival(1)])
    answer = await poll(customer, endpoint)
    assert answer["data"] == []
    assert (await poll(customer, endpoint, cursor=answer["cursor"]))["cursor"] == answer["cursor"]


async def test_a_waiting_poll_answers_when_something_comes(tmp_path: Path) -> None:
    body = messenger_text("m_1")
    async with running(tmp_path) as (_, http):
        endpoint = await create_pull(http, events=["message.received"])
        waiting = asyncio.create_task(poll(http, endpoint, wait_seconds=25))
        async with asyncio.timeout(SOON):
            while not waiting.done():
                await http.post("/webhooks/facebook", content=body, headers=signed(body))
        assert [item["event"]["message"]["id"] for item in (await waiting)["data"]] == ["m_1"]
        assert (await http.get("/v1/deliveries")).json()["data"] == []


async def test_a_waiting_poll_ends_with_the_gateway(tmp_path: Path) -> None:
    async with running(tmp_path) as (gateway, http):
        endpoint = await create_pull(http)
        waiting = asyncio.create_task(poll(http, endpoint, wait_seconds=25))
        await poll(http, endpoint)
        gateway.hang_up()
        async with asyncio.timeout(SOON):
            assert (await waiting)["data"] == []


async def test_nothing_acknowledged_comes_again_and_nothing_else_is_lost_over_a_restart(
    tmp_path: Path,
) -> None:
    bodies = [messenger_text(f"m_{number}") for number in range(4)]
    async with running(tmp_path) as (_, http):
        endpoint = await create_pull(http, events=["message.received"])
        for body in bodies[:3]:
            await http.post("/webhooks/facebook", content=body, headers=signed(body))
        first = await poll(http, endpoint, limit=1)
        second = await poll(http, endpoint, cursor=first["cursor"], limit=1)
    async with running(tmp_path) as (_, http):
        await http.post("/webhooks/facebook", content=bodies[3], headers=signed(bodies[3]))
        rest = await poll(http, endpoint)
    assert names(rest)[0] == names(second)[0]
    assert [item["event"]["message"]["id"] for item in rest["data"]] == ["m_1", "m_2", "m_3"]


async def test_since_is_where_it_begins(customer: httpx.AsyncClient, services: Services) -> None:
    await services.store.accept([arrival(1, received_at=NOW), arrival(2, received_at=NOW + 60_000)])
    endpoint = await create_pull(customer, since=NOW // 1000 + 1, events=["message.received"])
    assert names(await poll(customer, endpoint)) == [f"evt_{2:026d}"]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [({"cursor": "x"}, "cursor"), ({"limit": 101}, "limit"), ({"wait_seconds": 26}, "wait_seconds")],
)
async def test_a_field_of_a_poll_at_fault_is_named(
    customer: httpx.AsyncClient, fields: dict[str, Any], at_fault: str
) -> None:
    endpoint = await create_pull(customer)
    answer = await customer.post("/v1/poll", json={"endpoint_id": endpoint["id"], **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, at_fault)


async def test_anothers_pull_endpoint_does_not_exist(
    customer: httpx.AsyncClient, other: httpx.AsyncClient, services: Services
) -> None:
    endpoint = await create_pull(customer)
    await services.store.accept([arrival(1)])
    cursor = (await poll(customer, endpoint))["cursor"]
    body = {"endpoint_id": endpoint["id"], "cursor": cursor}
    assert (await other.post("/v1/poll", json=body)).status_code == 404
    assert (await other.get(f"/v1/stream?endpoint_id={endpoint['id']}")).status_code == 404
    assert len((await poll(customer, endpoint))["data"]) == 2
    assert (await poll(other, await create_pull(other, since=0)))["data"] == []


async def test_each_type_of_endpoint_is_told_what_it_is_not_for(
    customer: httpx.AsyncClient, services: Services, woken: Woken
) -> None:
    push, pull = await create(customer), await create_pull(customer)
    await services.store.accept([arrival(1)])
    event = f"/v1/events/{arrival(1).decoded.event.id}/redeliver"
    answers = [
        await customer.post("/v1/poll", json={"endpoint_id": push["id"]}),
        await customer.get(f"/v1/stream?endpoint_id={push['id']}"),
        await customer.post(f"/v1/endpoints/{pull['id']}/test"),
        await customer.post(event, json={"endpoint_id": pull["id"]}),
    ]
    assert [answer.json()["code"] for answer in answers] == ["wrong_endpoint_type"] * 4
    assert (await customer.post(event, json={})).json()["endpoint_ids"] == [push["id"]]
    assert woken == [push["id"]]


async def test_a_rotated_secret_signs_what_is_pulled(services: Services, customer: httpx.AsyncClient) -> None:
    endpoint = await create_pull(customer, events=["message.received"])
    await services.store.accept([arrival(1)])
    await customer.post(f"/v1/endpoints/{endpoint['id']}/rotate-secret", json={})
    (item,) = (await poll(customer, endpoint))["data"]
    assert item["headers"]["webhook-signature"].count("v1,") == 2
