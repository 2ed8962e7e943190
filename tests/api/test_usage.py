"""What accounts were used for."""

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import arrival

pytestmark = pytest.mark.anyio


async def test_each_customer_sees_the_usage_of_its_own_accounts(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await services.store.accept([arrival(1), arrival(2)])
    (mine,) = (await customer.get("/v1/usage")).json()["data"]
    assert (mine["customer_id"], mine["messages_received"], mine["conversations"]) == ("default", 2, 1)
    assert (await other.get("/v1/usage")).json()["data"] == []
    assert (await operator.get("/v1/usage?month=2020-01")).json() == {"month": "2020-01", "data": []}
    assert (await customer.get("/v1/usage?month=2026-13")).status_code == 422
