"""What could not be read, for the operator."""

import base64

import httpx
import pytest

from adapters.base import Quarantined
from gateway.services import Services
from tests.api.conftest import NOW

pytestmark = pytest.mark.anyio


async def test_bytes_are_shown_as_they_are_or_in_base64(
    services: Services, operator: httpx.AsyncClient
) -> None:
    bodies = ['{"entry": "café'.encode(), b"{\xff}"]
    items = [Quarantined(reason="not_json", pointer="", body=body) for body in bodies]
    await services.store.quarantine("whatsapp", NOW, items)
    shown = (await operator.get("/v1/quarantine?order=asc")).json()["data"]
    assert [(one["encoding"], one["body"]) for one in shown] == [
        ("text", '{"entry": "café'),
        ("base64", base64.b64encode(b"{\xff}").decode()),
    ]
    assert {(one["platform"], one["reason"], one["received_at_ms"]) for one in shown} == {
        ("whatsapp", "not_json", NOW)
    }


async def test_pages_are_small_because_bodies_may_be_large(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/v1/quarantine?limit=11")).status_code == 422
    assert (await operator.get("/v1/quarantine?limit=10")).status_code == 200


async def test_customers_see_no_quarantine(customer: httpx.AsyncClient) -> None:
    assert (await customer.get("/v1/quarantine")).json()["code"] == "operator_only"
