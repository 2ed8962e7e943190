"""New secrets, test events, and how an endpoint fares."""

from typing import Any

import httpx
import msgspec
import pytest

from gateway.deliver.outage import GIVEN_UP_MS
from gateway.services import Services
from gateway.store.records import Attempt, DeliveryState, Endpoint, Outcome
from tests.api.arrivals import arrival
from tests.api.conftest import NOW, Time, Woken
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio

HOUR = 3_600


async def rotate(http: httpx.AsyncClient, made: dict[str, Any], **body: Any) -> httpx.Response:
    return await http.post(f"/v1/endpoints/{made['id']}/rotate-secret", json=body)


def stored(services: Services, made: dict[str, Any]) -> Endpoint:
    return services.directory.endpoints[made["id"]]


async def test_the_secret_before_signs_for_a_day_beside_the_new_one(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    rotated = (await rotate(customer, made)).json()
    assert rotated["previous_expires_at"] == NOW // 1000 + 24 * HOUR
    endpoint = stored(services, made)
    both = (rotated["secret"], made["secret"])
    assert endpoint.signing_keys(NOW) == both
    assert endpoint.signing_keys(NOW + 24 * HOUR * 1000 - 1) == both
    assert endpoint.signing_keys(NOW + 24 * HOUR * 1000) == both[:1]


async def test_without_overlap_all_earlier_secrets_end_at_once(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    await rotate(customer, made)
    rotated = (await rotate(customer, made, overlap_seconds=0)).json()
    assert [one.value for one in stored(services, made).secrets] == [rotated["secret"]]


async def test_a_later_rotation_never_prolongs_an_earlier_secret(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    await rotate(customer, made, overlap_seconds=HOUR)
    await rotate(customer, made, overlap_seconds=7 * 24 * HOUR)
    assert stored(services, made).secrets[-1].expires_at == NOW + HOUR * 1000


async def test_expired_secrets_go_with_the_next_change(
    customer: httpx.AsyncClient, services: Services, time: Time
) -> None:
    made = await create(customer)
    await rotate(customer, made, overlap_seconds=HOUR)
    time.now += HOUR * 1000
    await customer.patch(f"/v1/endpoints/{made['id']}", json={"description": "later"})
    assert len(stored(services, made).secrets) == 1


@pytest.mark.parametrize("overlap", [-1, 7 * 24 * HOUR + 1, "1"])
async def test_an_overlap_is_at_most_seven_days(customer: httpx.AsyncClient, overlap: Any) -> None:
    answer = await rotate(customer, await create(customer), overlap_seconds=overlap)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "overlap_seconds")


async def test_live_secrets_are_not_without_number(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    answers = [await rotate(customer, made) for _ in range(10)]
    assert [one.status_code for one in answers] == [200] * 9 + [409]
    assert answers[-1].json()["code"] == "too_many_secrets"
    assert (await rotate(customer, made, overlap_seconds=0)).status_code == 200


async def test_a_test_event_goes_to_that_endpoint_only_whatever_its_filters(
    customer: httpx.AsyncClient, services: Services, woken: Woken
) -> None:
    made = await create(customer, events=["lead.received"], platforms=["whatsapp"])
    await create(customer)
    answer = await customer.post(f"/v1/endpoints/{made['id']}/test")
    assert answer.status_code == 202
    event = (await customer.get(f"/v1/events/{answer.json()['event_id']}")).json()
    assert (event["event"], event["endpoint"]["id"]) == ("test", made["id"])
    deliveries = (await customer.get(f"/v1/deliveries?event_id={event['id']}")).json()["data"]
    assert [(one["id"], one["endpoint_id"]) for one in deliveries] == [
        (answer.json()["delivery_id"], made["id"])
    ]
    assert woken == [made["id"]]


async def test_every_test_event_is_a_new_one(customer: httpx.AsyncClient) -> None:
    path = f"/v1/endpoints/{(await create(customer))['id']}/test"
    first, second = [(await customer.post(path)).json()["event_id"] for _ in range(2)]
    assert first != second


async def test_a_test_event_can_be_redelivered(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    event_id = (await customer.post(f"/v1/endpoints/{made['id']}/test")).json()["event_id"]
    answer = await customer.post(f"/v1/events/{event_id}/redeliver", json={})
    assert (answer.status_code, answer.json()["endpoint_ids"]) == (202, [made["id"]])


@pytest.mark.parametrize("format", ["socialhook", "raw"])
async def test_a_format_that_carries_no_test_event_says_so(customer: httpx.AsyncClient, format: str) -> None:
    answer = await customer.post(f"/v1/endpoints/{(await create(customer, format=format))['id']}/test")
    assert (answer.status_code, answer.json()["code"]) == (409, "format_without_test")


async def test_stats_tell_how_an_endpoint_fares(customer: httpx.AsyncClient, services: Services) -> None:
    made = await create(customer)
    endpoint_ids = (made["id"],)
    await services.store.accept([arrival(number, endpoint_ids=endpoint_ids) for number in range(6)])
    for number in range(4):
        (job,), _ = await services.store.claim(made["id"], NOW, 20_000, 1, 0)
        error = "timeout" if number == 3 else None
        attempt = Attempt(at=NOW, duration_ms=10 * (number + 1), error=error)
        state: DeliveryState = "dead" if error else "delivered"
        await services.store.finish([Outcome(job=job, attempt=attempt, state=state)])
    shown = (await customer.get(f"/v1/endpoints/{made['id']}/stats")).json()
    assert (shown["attempts"], shown["success_rate"], shown["errors"]) == (4, 0.75, {"timeout": 1})
    assert (shown["p50_ms"], shown["p99_ms"], shown["dead"]) == (20, 40, 1)
    assert (shown["pending"], shown["failed"], shown["oldest_due_at_ms"]) == (2, 0, NOW)
    assert (shown["failing_since"], shown["disabled_at"]) == (None, None)


async def test_stats_of_a_new_endpoint_are_empty(customer: httpx.AsyncClient) -> None:
    shown = (await customer.get(f"/v1/endpoints/{(await create(customer))['id']}/stats")).json()
    assert (shown["attempts"], shown["success_rate"], shown["p99_ms"]) == (0, None, None)


async def test_stats_warn_of_an_endpoint_that_will_be_disabled(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    await services.store.put_endpoint(msgspec.structs.replace(stored(services, made), failing_since=NOW))
    await services.directory.reload()
    shown = (await customer.get(f"/v1/endpoints/{made['id']}/stats")).json()
    assert (shown["failing_since"], shown["disabled_at"]) == (NOW // 1000, (NOW + GIVEN_UP_MS) // 1000)


async def test_what_is_anothers_is_not_there(customer: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    path = f"/v1/endpoints/{(await create(customer))['id']}"
    for answer in (
        await other.post(f"{path}/rotate-secret", json={}),
        await other.post(f"{path}/test"),
        await other.get(f"{path}/stats"),
    ):
        assert answer.status_code == 404
