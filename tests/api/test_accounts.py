"""Connecting pages."""

import httpx
import pytest

from gateway.services import Services
from tests.api.conftest import OTHER

pytestmark = pytest.mark.anyio

PAGE = {"platform": "facebook", "page_id": "1001"}


async def connect(operator: httpx.AsyncClient, **fields: object) -> httpx.Response:
    return await operator.post("/v1/accounts", json={**PAGE, **fields})


async def test_a_page_is_connected_once_and_changed_after_that(operator: httpx.AsyncClient) -> None:
    made = await connect(operator, name="Shop")
    changed = await connect(operator, waba_id="55")
    assert (made.status_code, changed.status_code) == (201, 200)
    assert made.json()["customer_id"] == "default"
    assert changed.json() == {**made.json(), "waba_id": "55"}


async def test_null_takes_a_field_away_and_absence_keeps_it(operator: httpx.AsyncClient) -> None:
    await connect(operator, access_token="EAAG-first", name="Shop")
    kept = (await connect(operator, name=None)).json()
    gone = (await connect(operator, access_token=None)).json()
    assert (kept["has_access_token"], kept["name"]) == (True, None)
    assert gone["has_access_token"] is False


async def test_a_page_has_one_owner(operator: httpx.AsyncClient) -> None:
    await connect(operator)
    answer = await connect(operator, customer_id=OTHER)
    assert (answer.status_code, answer.json()["code"]) == (409, "page_owned")


async def test_only_the_operator_connects(customer: httpx.AsyncClient) -> None:
    answer = await connect(customer)
    assert (answer.status_code, answer.json()["code"]) == (403, "operator_only")


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"platform": "pigeon"}, "platform"),
        ({"page_id": ""}, "page_id"),
        ({"page_id": "0"}, "page_id"),
        ({"page_id": 1001}, "page_id"),
        ({"page_id": "a b"}, "page_id"),
        ({"app_id": "app_nowhere"}, "app_id"),
        ({"pageid": "1"}, "pageid"),
        ({"access_token": ""}, "access_token"),
    ],
)
async def test_a_field_at_fault_is_named(
    operator: httpx.AsyncClient, fields: dict[str, object], at_fault: str
) -> None:
    answer = await connect(operator, **fields)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, at_fault)


async def test_accounts_are_found_by_page(operator: httpx.AsyncClient) -> None:
    await connect(operator)
    await connect(operator, page_id="1002")
    found = (await operator.get("/v1/accounts?platform=facebook&page_id=1002")).json()["data"]
    assert [one["page_id"] for one in found] == ["1002"]


async def test_a_deleted_account_is_gone_and_its_page_free(
    operator: httpx.AsyncClient, customer: httpx.AsyncClient, services: Services
) -> None:
    account_id = (await connect(operator)).json()["id"]
    assert (await customer.delete(f"/v1/accounts/{account_id}")).status_code == 204
    assert (await customer.get(f"/v1/accounts/{account_id}")).status_code == 404
    assert services.directory.account("facebook", "1001") is None
    assert (await connect(operator, customer_id=OTHER)).status_code == 201


async def test_the_directory_knows_at_once(operator: httpx.AsyncClient, services: Services) -> None:
    await connect(operator, access_token="EAAG-first")
    account = services.directory.account("facebook", "1001")
    assert account is not None
    assert account.access_token == "EAAG-first"
