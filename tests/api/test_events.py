"""Looking at events and delivering them again."""

from typing import Any

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import ELEMENT, arrival, status
from tests.api.conftest import NOW, OTHER, Woken
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio

FIRST = "evt_" + "1".zfill(26)


def numbers_of(events: list[dict[str, Any]]) -> list[int]:
    """What the samples were numbered with; the store's own events have no number."""
    return [int(event["id"][4:]) for event in events if event["event"] != "conversation.started"]


async def listed(http: httpx.AsyncClient, query: str = "") -> list[int]:
    """The numbers of the events in a list."""
    answer = await http.get(f"/v1/events?{query}")
    assert answer.status_code == 200, answer.text
    return numbers_of(answer.json()["data"])


async def test_an_event_is_shown_in_the_bytes_that_are_delivered(
    services: Services, customer: httpx.AsyncClient
) -> None:
    await services.store.accept([arrival(1)])
    stored = await services.store.event("default", FIRST)
    answer = await customer.get(f"/v1/events/{FIRST}")
    assert stored is not None
    assert answer.content == stored.body
    assert answer.json()["conversation_id"].startswith("conv_fb_")


async def test_events_are_listed_newest_first_and_can_be_turned_round(
    services: Services, customer: httpx.AsyncClient
) -> None:
    await services.store.accept([arrival(number) for number in (1, 2, 3)])
    assert await listed(customer) == [3, 2, 1]
    assert await listed(customer, "order=asc") == [1, 2, 3]


async def test_pages_follow_each_other_without_a_gap(services: Services, customer: httpx.AsyncClient) -> None:
    await services.store.accept([arrival(number) for number in range(1, 8)])
    whole, pages, cursor = await listed(customer), [], ""
    while cursor is not None:
        answer = (await customer.get(f"/v1/events?limit=3{cursor and '&cursor=' + cursor}")).json()
        pages += numbers_of(answer["data"])
        cursor = answer["next_cursor"]
    assert pages == whole


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("event=postback.received", [2]),
        ("event=message.*", [3, 1]),
        ("platform=facebook", [3, 2, 1]),
        ("platform=whatsapp", []),
        ("page_id=1002", [3]),
        ("conversation_id=conv_fb_none", []),
    ],
)
async def test_events_are_filtered(
    services: Services, customer: httpx.AsyncClient, query: str, numbers: list[int]
) -> None:
    await services.store.accept([arrival(1), status(2), arrival(3, page_id="1002")])
    assert await listed(customer, query) == numbers


async def test_since_includes_its_second_and_until_does_not(
    services: Services, customer: httpx.AsyncClient
) -> None:
    for number in (1, 2, 3):
        await services.store.accept([arrival(number, received_at=NOW + number * 1000)])
    second = NOW // 1000 + 2
    assert await listed(customer, f"since={second}") == [3, 2]
    assert await listed(customer, f"until={second}") == [1]


@pytest.mark.parametrize(
    ("query", "at_fault"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("order=up", "order"),
        ("since=1767225600000", "since"),
        ("cursor=nonsense", "cursor"),
        ("unrouted=perhaps", "unrouted"),
        ("evnt=message.received", "evnt"),
        ("event=nope", "event"),
        ("event=nope.*", "event"),
        ("event=message", "event"),
        ("limit=1&limit=2", "limit"),
    ],
)
async def test_a_parameter_at_fault_is_named(customer: httpx.AsyncClient, query: str, at_fault: str) -> None:
    answer = await customer.get(f"/v1/events?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, at_fault)


async def test_raw_is_the_element_byte_for_byte(services: Services, customer: httpx.AsyncClient) -> None:
    await services.store.accept([arrival(1)])
    answer = await customer.get(f"/v1/events/{FIRST}/raw")
    assert answer.content == ELEMENT


async def test_unrouted_events_are_the_operators(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    await services.store.accept([arrival(1, customer_ids=()), arrival(2)])
    assert await listed(operator, "unrouted=true") == [1]
    assert await listed(customer) == [2]
    refused = await customer.get("/v1/events?unrouted=true")
    assert (refused.status_code, refused.json()["code"]) == (403, "operator_only")


async def test_an_event_is_delivered_again_to_every_endpoint_that_takes_it(
    services: Services, customer: httpx.AsyncClient, woken: Woken
) -> None:
    wanting = await create(customer, events=["message.*"])
    await create(customer, events=["status.update"])
    await services.store.accept([arrival(1)])
    answer = await customer.post(f"/v1/events/{FIRST}/redeliver")
    assert answer.status_code == 202
    assert answer.json() == {"event_id": FIRST, "endpoint_ids": [wanting["id"]]}
    assert woken == [wanting["id"]]
    found = (await customer.get(f"/v1/deliveries?event_id={FIRST}")).json()["data"]
    assert [(one["endpoint_id"], one["state"]) for one in found] == [(wanting["id"], "pending")]


async def test_an_event_is_delivered_again_to_a_named_endpoint_whatever_it_filters(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint = await create(customer, events=["status.update"])
    await services.store.accept([arrival(1)])
    answer = await customer.post(f"/v1/events/{FIRST}/redeliver", json={"endpoint_id": endpoint["id"]})
    assert answer.json()["endpoint_ids"] == [endpoint["id"]]


async def test_nothing_to_deliver_to_is_told(services: Services, customer: httpx.AsyncClient) -> None:
    await services.store.accept([arrival(1)])
    answer = await customer.post(f"/v1/events/{FIRST}/redeliver", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_endpoint")


async def test_nobody_can_have_an_event_delivered_to_a_stranger(
    services: Services, operator: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    theirs = await create(other)
    await services.store.accept([arrival(1)])
    by_stranger = await other.post(f"/v1/events/{FIRST}/redeliver", json={"endpoint_id": theirs["id"]})
    by_operator = await operator.post(f"/v1/events/{FIRST}/redeliver", json={"endpoint_id": theirs["id"]})
    assert (by_stranger.status_code, by_operator.status_code) == (404, 404)


async def test_an_event_of_two_customers_is_redelivered_to_the_callers_endpoints_only(
    services: Services, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    mine = await create(customer)
    await create(other)
    await services.store.accept([arrival(1, customer_ids=("default", OTHER))])
    answer = await customer.post(f"/v1/events/{FIRST}/redeliver")
    assert answer.json()["endpoint_ids"] == [mine["id"]]


async def test_an_unrouted_event_is_routed_once_its_page_is_connected(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> None:
    endpoint = await create(customer)
    await services.store.accept([arrival(1, customer_ids=())])
    too_early = await operator.post(f"/v1/events/{FIRST}/redeliver")
    await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001"})
    answer = await operator.post(f"/v1/events/{FIRST}/redeliver")
    assert (too_early.status_code, answer.status_code) == (409, 202)
    assert answer.json()["endpoint_ids"] == [endpoint["id"]]
    assert await listed(customer) == [1]


async def test_an_unrouted_event_is_not_given_to_who_does_not_own_its_page(
    services: Services, operator: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    theirs = await create(other)
    await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001"})
    await services.store.accept([arrival(1, customer_ids=())])
    answer = await operator.post(f"/v1/events/{FIRST}/redeliver", json={"endpoint_id": theirs["id"]})
    assert answer.status_code == 404
    assert await listed(other) == []


@pytest.mark.parametrize("path", ["/v1/events", "/v1/messages"])
async def test_a_window_that_ends_before_it_begins_is_refused(customer: httpx.AsyncClient, path: str) -> None:
    answer = await customer.get(path, params={"since": 200, "until": 199})
    problem = answer.json()
    assert (answer.status_code, [one["field"] for one in problem["errors"]]) == (422, ["until"])
    assert (await customer.get(path, params={"since": 200, "until": 200})).json()["data"] == []
