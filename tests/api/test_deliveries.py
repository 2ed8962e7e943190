"""Looking at deliveries and attempts."""

import httpx
import pytest

from gateway.services import Services
from gateway.store.records import Attempt, Outcome
from tests.api.arrivals import arrival
from tests.api.conftest import NOW
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio


async def deliver(services: Services, endpoint_id: str, count: int = 1) -> None:
    """Accept events for an endpoint and fail the first delivery once."""
    arrivals = [arrival(number, endpoint_ids=(endpoint_id,)) for number in range(1, count + 1)]
    await services.store.accept(arrivals)
    jobs, _ = await services.store.claim(endpoint_id, NOW, 20_000, 1, 0)
    attempt = Attempt(at=NOW, duration_ms=7, error="status", status=503, detail="no", response="later")
    outcome = Outcome(job=jobs[0], attempt=attempt, state="failed", due_at=NOW + 5_000)
    await services.store.finish([outcome])


async def test_a_delivery_tells_how_it_stands(services: Services, customer: httpx.AsyncClient) -> None:
    endpoint_id = (await create(customer))["id"]
    await deliver(services, endpoint_id)
    listed = (await customer.get(f"/v1/deliveries?endpoint_id={endpoint_id}&state=failed")).json()["data"]
    shown = (await customer.get(f"/v1/deliveries/{listed[0]['id']}")).json()
    assert shown == listed[0]
    assert (shown["attempts"], shown["due_at_ms"], shown["finished_at_ms"]) == (1, NOW + 5_000, None)


async def test_attempts_are_shown_with_what_the_receiver_said(
    services: Services, customer: httpx.AsyncClient
) -> None:
    await deliver(services, (await create(customer))["id"])
    delivery_id = (await customer.get("/v1/deliveries?state=failed")).json()["data"][0]["id"]
    attempts = (await customer.get(f"/v1/deliveries/{delivery_id}/attempts")).json()
    assert attempts["next_cursor"] is None
    assert attempts["data"] == [
        {
            "at_ms": NOW,
            "duration_ms": 7,
            "error": "status",
            "status": 503,
            "detail": "no",
            "response": "later",
            "request_headers": {},
            "response_headers": {},
        }
    ]


async def test_deliveries_are_filtered_by_event_and_state(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint_id = (await create(customer))["id"]
    await deliver(services, endpoint_id, count=3)
    pending = (await customer.get("/v1/deliveries?state=pending")).json()["data"]
    event_id = "evt_" + "3".zfill(26)
    of_event = (await customer.get(f"/v1/deliveries?event_id={event_id}")).json()["data"]
    assert {one["state"] for one in pending} == {"pending"}
    assert [one["event_id"] for one in of_event] == [event_id]


async def test_an_unknown_state_is_a_fault(customer: httpx.AsyncClient) -> None:
    answer = await customer.get("/v1/deliveries?state=lost")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "state")


@pytest.mark.parametrize("path", ["/v1/deliveries/dlv_none", "/v1/deliveries/dlv_none/attempts"])
async def test_what_does_not_exist_is_not_found(customer: httpx.AsyncClient, path: str) -> None:
    assert (await customer.get(path)).status_code == 404
