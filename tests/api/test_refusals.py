"""What was not let in, for the operator."""

import httpx
import pytest

from gateway.services import Services

pytestmark = pytest.mark.anyio


async def test_refusals_are_listed_newest_first_and_counted(
    services: Services, operator: httpx.AsyncClient
) -> None:
    for moment, reason in enumerate(["no_signature", "wrong_signature", "wrong_signature"]):
        services.refusals.add(moment, "/webhooks/facebook", reason)
    answer = (await operator.get("/v1/refusals")).json()
    assert [one["at_ms"] for one in answer["data"]] == [2, 1, 0]
    assert answer["counts"] == {"no_signature": 1, "wrong_signature": 2}


async def test_customers_see_no_refusals(customer: httpx.AsyncClient) -> None:
    assert (await customer.get("/v1/refusals")).json()["code"] == "operator_only"
