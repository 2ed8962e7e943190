"""One customer never sees another's: not by id, not in a list, not in an error."""

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import arrival
from tests.api.test_deliveries import deliver
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio

ACCOUNT = {"platform": "facebook", "page_id": "1001", "access_token": "EAAtoken"}
HELLO = {
    "platform": "facebook",
    "page_id": "1001",
    "to": "7001",
    "message": {"type": "text", "body": "hello"},
}


async def belongings(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> dict[str, str]:
    """One of everything for the customer `default`: kind → id."""
    account = await operator.post("/v1/accounts", json=ACCOUNT)
    endpoint = await create(customer)
    await deliver(services, endpoint["id"])
    deliveries = (await customer.get("/v1/deliveries?state=failed")).json()["data"]
    sent = await operator.post("/v1/messages", json=HELLO)
    conversations = (await customer.get("/v1/conversations")).json()["data"]
    replay = await customer.post("/v1/replays", json={"endpoint_id": endpoint["id"], "since": 0})
    renormalisation = await customer.post("/v1/renormalisations", json={"since": 0})
    return {
        "accounts": account.json()["id"],
        "endpoints": endpoint["id"],
        "events": deliveries[0]["event_id"],
        "deliveries": deliveries[0]["id"],
        "replays": replay.json()["id"],
        "messages": sent.json()["id"],
        "conversations": conversations[0]["id"],
        "renormalisations": renormalisation.json()["id"],
    }


async def test_anothers_ids_do_not_exist(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    mine = await belongings(services, operator, customer)
    paths = [f"/v1/{kind}/{identifier}" for kind, identifier in mine.items()]
    paths += [f"/v1/events/{mine['events']}/raw", f"/v1/deliveries/{mine['deliveries']}/attempts"]
    for path in paths:
        assert (await customer.get(path)).status_code == 200, path
        assert (await other.get(path)).status_code == 404, path


async def test_anothers_things_cannot_be_touched(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    mine = await belongings(services, operator, customer)
    answers = [
        await other.patch(f"/v1/endpoints/{mine['endpoints']}", json={"status": "paused"}),
        await other.delete(f"/v1/endpoints/{mine['endpoints']}"),
        await other.delete(f"/v1/accounts/{mine['accounts']}"),
        await other.post(f"/v1/events/{mine['events']}/redeliver"),
        await other.post("/v1/replays", json={"endpoint_id": mine["endpoints"], "since": 0}),
        await other.post(f"/v1/replays/{mine['replays']}/cancel"),
        await other.post(f"/v1/renormalisations/{mine['renormalisations']}/cancel"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (await customer.get(f"/v1/replays/{mine['replays']}")).json()["state"] == "running"
    assert (await customer.get(f"/v1/endpoints/{mine['endpoints']}")).json()["status"] == "active"


@pytest.mark.parametrize("query", ["", "order=asc", "customer_id=cus_other"])
async def test_lists_hold_only_what_is_ones_own(
    services: Services,
    operator: httpx.AsyncClient,
    customer: httpx.AsyncClient,
    other: httpx.AsyncClient,
    query: str,
) -> None:
    mine = await belongings(services, operator, customer)
    for kind in mine:
        assert (await other.get(f"/v1/{kind}?{query}")).json() == {"data": [], "next_cursor": None}


async def test_filters_do_not_reach_into_anothers_things(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    mine = await belongings(services, operator, customer)
    for query in (
        f"deliveries?event_id={mine['events']}",
        f"deliveries?endpoint_id={mine['endpoints']}",
        "events?page_id=1001",
        "accounts?page_id=1001",
    ):
        assert (await other.get(f"/v1/{query}")).json()["data"] == []


async def test_a_cursor_of_anothers_list_shows_nothing(
    services: Services, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await services.store.accept([arrival(number) for number in (1, 2, 3)])
    cursor = (await customer.get("/v1/events?limit=1")).json()["next_cursor"]
    assert (await other.get(f"/v1/events?cursor={cursor}")).json()["data"] == []


async def test_nobody_acts_for_another_customer(customer: httpx.AsyncClient) -> None:
    body = {"url": "https://a.example.com", "customer_id": "cus_other"}
    assert (await customer.get("/v1/endpoints?customer_id=cus_other")).status_code == 404
    assert (await customer.post("/v1/endpoints", json=body)).status_code == 404
    assert (await customer.post("/v1/endpoints", json={**body, "customer_id": "default"})).status_code == 201


async def test_what_is_anothers_and_what_is_nobodys_look_the_same(
    customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    endpoint_id = (await create(customer))["id"]
    nobodys = "ep_" + "a" * (len(endpoint_id) - 3)
    theirs = await other.get(f"/v1/endpoints/{endpoint_id}")
    none = await other.get(f"/v1/endpoints/{nobodys}")
    without_id = [answer.text.replace(answer.headers["request-id"], "") for answer in (theirs, none)]
    assert without_id[0].replace(endpoint_id, nobodys) == without_id[1]
