"""Asking for re-normalisations, watching them, ending them."""

from typing import Any

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import PAGE, arrival
from tests.api.conftest import NOW, OTHER, Time

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def taken_in(services: Services, time: Time) -> None:
    """Three messages of `default`, one of them another customer's too, and one of nobody."""
    owners: list[tuple[str, ...]] = [("default",), ("default",), ("default", OTHER), ()]
    await services.store.accept([arrival(n, customer_ids=ids) for n, ids in enumerate(owners, start=1)])
    time.now = NOW + 60_000


async def asked(http: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/renormalisations", json={"since": 0, **fields})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def test_the_operator_asks_for_everything_and_a_customer_for_what_it_alone_has(
    operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    whole, own, none = [await asked(http) for http in (operator, customer, other)]
    # The four begin their conversation once; what the store derived has no element.
    assert [one["matched"] for one in (whole, own, none)] == [4, 2, 0]
    assert [one["customer_id"] for one in (whole, own, none)] == [None, "default", OTHER]
    listed = (await customer.get("/v1/renormalisations")).json()["data"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert (await customer.get(f"/v1/renormalisations/{whole['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "matched"),
    [
        ({"event": "message.*"}, 4),
        ({"event": "unknown"}, 0),
        ({"page_id": PAGE, "platform": "facebook"}, 4),
        ({"platform": "whatsapp"}, 0),
        ({"since": NOW // 1000 + 1}, 0),
        ({"until": NOW // 1000}, 0),
    ],
)
async def test_fewer_can_be_asked_for(
    operator: httpx.AsyncClient, fields: dict[str, Any], matched: int
) -> None:
    assert (await asked(operator, **fields))["matched"] == matched


async def test_it_can_be_cancelled_and_stays_so(customer: httpx.AsyncClient) -> None:
    made = await asked(customer)
    for _ in range(2):
        answer = await customer.post(f"/v1/renormalisations/{made['id']}/cancel")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"event": "mesage"}, "event"),
        ({"platform": "pigeon"}, "platform"),
        ({"rate": 0}, "rate"),
        ({"since": NOW}, "since"),
        ({"since": 200, "until": 199}, "until"),
        ({"endpoint_id": "ep_1"}, "endpoint_id"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    customer: httpx.AsyncClient, fields: dict[str, Any], fault: str
) -> None:
    answer = await customer.post("/v1/renormalisations", json={"since": 0, **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, fault)


async def test_an_unknown_one_is_not_found(customer: httpx.AsyncClient) -> None:
    assert (await customer.get("/v1/renormalisations/rnm_none")).status_code == 404
    assert (await customer.post("/v1/renormalisations/rnm_none/cancel")).status_code == 404
