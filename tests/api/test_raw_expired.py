"""Events whose raw element is kept no more: who asks for it is told, everything else goes on."""

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import arrival
from tests.api.conftest import NOW
from tests.api.test_endpoints import create
from tests.api.test_poll import create_pull, poll
from tests.store.samples import DAY, retaining

pytestmark = pytest.mark.anyio

EVENT = "evt_" + "1".zfill(26)


@pytest.fixture(autouse=True)
async def expired(services: Services) -> None:
    """An event of two days ago, and raw elements kept for one."""
    await services.store.accept([arrival(1)])
    while await services.store.prune(NOW + 2 * DAY, retaining(raw_ms=DAY), 100):
        pass


async def test_the_raw_element_is_gone_and_the_event_is_not(customer: httpx.AsyncClient) -> None:
    answer = await customer.get(f"/v1/events/{EVENT}/raw")
    assert (answer.status_code, answer.json()["code"]) == (410, "raw_expired")
    assert (await customer.get(f"/v1/events/{EVENT}")).status_code == 200


async def test_who_does_not_own_the_event_does_not_learn_of_it(other: httpx.AsyncClient) -> None:
    assert (await other.get(f"/v1/events/{EVENT}/raw")).status_code == 404


async def test_it_cannot_go_again_to_an_endpoint_that_takes_nothing_but_raw(
    customer: httpx.AsyncClient,
) -> None:
    raw = await create(customer, format="raw")
    answer = await customer.post(f"/v1/events/{EVENT}/redeliver", json={"endpoint_id": raw["id"]})
    assert (answer.status_code, answer.json()["code"]) == (410, "raw_expired")


async def test_it_can_go_again_to_an_endpoint_that_likes_raw_beside_the_event(
    customer: httpx.AsyncClient,
) -> None:
    inline = await create(customer, include_raw=True)
    answer = await customer.post(f"/v1/events/{EVENT}/redeliver", json={"endpoint_id": inline["id"]})
    assert answer.status_code == 202


async def test_who_pulls_gets_the_event_without_it_and_not_in_the_raw_format(
    customer: httpx.AsyncClient,
) -> None:
    wanted = {"since": 0, "events": ["message.received"]}
    inline = await create_pull(customer, include_raw=True, **wanted)
    (pulled,) = (await poll(customer, inline))["data"]
    assert "inline" not in pulled["event"]["raw"]
    raw = await create_pull(customer, format="raw", **wanted)
    assert (await poll(customer, raw))["data"] == []
