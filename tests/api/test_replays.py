"""Asking for replays, watching them, ending them."""

from typing import Any

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import PAGE, arrival, status
from tests.api.conftest import NOW, OTHER, Time
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio


@pytest.fixture
async def endpoint_id(services: Services, customer: httpx.AsyncClient, time: Time) -> str:
    """An endpoint that was made after three messages and a postback had come."""
    await services.store.accept([arrival(1), arrival(2), arrival(3, page_id="1002"), status(4)])
    time.now = NOW + 60_000
    return str((await create(customer, events=["message.*"]))["id"])


async def asked(http: httpx.AsyncClient, endpoint_id: str, **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/replays", json={"endpoint_id": endpoint_id, "since": 0, **fields})
    assert answer.status_code == (200 if fields.get("dry_run") else 202), answer.text
    return dict(answer.json())


async def refused(http: httpx.AsyncClient, endpoint_id: str, **fields: Any) -> tuple[int, str]:
    """Status, and the field at fault or the code."""
    answer = await http.post("/v1/replays", json={"endpoint_id": endpoint_id, "since": 0, **fields})
    problem = answer.json()
    return answer.status_code, problem.get("errors", [{"field": problem["code"]}])[0]["field"]


async def test_a_replay_is_asked_for_and_followed_to_its_end(
    services: Services, customer: httpx.AsyncClient, endpoint_id: str, time: Time
) -> None:
    replay = await asked(customer, endpoint_id, rate=2)
    assert (replay["state"], replay["matched"], replay["done"]) == ("running", 3, 0)
    await services.store.advance_replay(time.now)
    assert (await customer.get(f"/v1/replays/{replay['id']}")).json()["done"] == 2
    await services.store.advance_replay(time.now + 1_000)
    ended = (await customer.get("/v1/replays")).json()["data"][0]
    assert (ended["state"], ended["done"], ended["finished_at"]) == ("done", 3, NOW // 1000 + 61)
    pending = await customer.get(f"/v1/deliveries?endpoint_id={endpoint_id}&state=pending")
    assert len(pending.json()["data"]) == 3


@pytest.mark.parametrize(
    ("fields", "matched"),
    [
        ({}, 3),
        ({"events": ["message.received"]}, 3),
        ({"events": ["postback.received"]}, 0),
        ({"page_id": "1002"}, 1),
        ({"platform": "whatsapp"}, 0),
        ({"conversation_id": "conv_fb_none"}, 0),
        ({"state": "dead"}, 0),
        ({"since": NOW // 1000 + 1}, 0),
        ({"until": NOW // 1000}, 0),
    ],
)
async def test_a_dry_run_counts_what_the_endpoint_takes_now_and_does_nothing(
    customer: httpx.AsyncClient, endpoint_id: str, fields: dict[str, Any], matched: int
) -> None:
    assert await asked(customer, endpoint_id, dry_run=True, **fields) == {"matched": matched}
    assert (await customer.get("/v1/replays")).json()["data"] == []


async def test_a_replay_can_be_cancelled_and_stays_so(
    services: Services, customer: httpx.AsyncClient, endpoint_id: str, time: Time
) -> None:
    replay = await asked(customer, endpoint_id)
    for _ in range(2):
        answer = await customer.post(f"/v1/replays/{replay['id']}/cancel")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert await services.store.advance_replay(time.now) is None


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"events": ["message.*", "mesage"]}, "events[1]"),
        ({"platform": "pigeon"}, "platform"),
        ({"rate": 0}, "rate"),
        ({"state": "lost"}, "state"),
        ({"since": NOW}, "since"),
        ({"since": 200, "until": 199}, "until"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    customer: httpx.AsyncClient, endpoint_id: str, fields: dict[str, Any], fault: str
) -> None:
    assert await refused(customer, endpoint_id, **fields) == (422, fault)


async def test_the_operator_routes_what_waited_for_a_page_to_be_connected(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient, endpoint_id: str, time: Time
) -> None:
    await services.store.accept([arrival(8, customer_ids=()), arrival(9, page_id="7", customer_ids=())])
    page = {"platform": "facebook", "page_id": PAGE}
    waited = {**page, "unrouted": True}
    assert await refused(operator, endpoint_id, **waited) == (422, "page_id")
    await operator.post("/v1/accounts", json=page)
    assert await refused(operator, endpoint_id, unrouted=True) == (422, "unrouted")
    assert await refused(customer, endpoint_id, **waited) == (403, "operator_only")
    assert (await asked(operator, endpoint_id, **waited))["matched"] == 1
    await services.store.advance_replay(time.now)
    assert (await customer.get("/v1/events/evt_" + "8".zfill(26))).status_code == 200
    assert (await customer.get("/v1/events/evt_" + "9".zfill(26))).status_code == 404


async def test_unrouted_events_go_to_no_customer_that_does_not_own_the_page(
    operator: httpx.AsyncClient, endpoint_id: str
) -> None:
    page = {"platform": "facebook", "page_id": PAGE}
    await operator.post("/v1/accounts", json={**page, "customer_id": OTHER})
    assert await refused(operator, endpoint_id, unrouted=True, **page) == (422, "page_id")


async def test_an_unknown_replay_is_not_found(customer: httpx.AsyncClient) -> None:
    assert (await customer.get("/v1/replays/rpl_none")).status_code == 404
    assert (await customer.post("/v1/replays/rpl_none/cancel")).status_code == 404
