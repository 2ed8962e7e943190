"""Meta apps, for the operator."""

from typing import Any

import httpx
import pytest

from gateway.services import Services

pytestmark = pytest.mark.anyio

APP = {"id": "2210", "app_secrets": ["secret-one"], "verify_token": "typed-into-a-form"}


async def test_an_app_is_served_under_its_own_paths(operator: httpx.AsyncClient, services: Services) -> None:
    answer = await operator.post("/v1/apps", json=APP)
    assert answer.status_code == 201
    assert "/webhooks/facebook/2210" in answer.json()["webhook_paths"]
    assert services.directory.apps["2210"].verify_token == "typed-into-a-form"


async def test_the_same_id_again_replaces_the_secrets(
    operator: httpx.AsyncClient, services: Services
) -> None:
    await operator.post("/v1/apps", json=APP)
    answer = await operator.post("/v1/apps", json={**APP, "app_secrets": ["secret-two", "secret-one"]})
    assert (answer.status_code, answer.json()["secret_count"]) == (200, 2)
    assert services.directory.apps["2210"].app_secrets == ("secret-two", "secret-one")


async def test_an_app_without_an_id_gets_one(operator: httpx.AsyncClient) -> None:
    body = {key: value for key, value in APP.items() if key != "id"}
    first = (await operator.post("/v1/apps", json=body)).json()
    listed = (await operator.get("/v1/apps")).json()["data"]
    assert first["id"].startswith("app_")
    assert listed == [first]
    assert (await operator.get(f"/v1/apps/{first['id']}")).json() == first


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"id": "../x"}, "id"),
        ({"app_secrets": []}, "app_secrets"),
        ({"app_secrets": ["short"]}, "app_secrets[0]"),
        ({"verify_token": "secret-one"}, "verify_token"),
        ({"verify_token": None}, "verify_token"),
    ],
)
async def test_a_field_at_fault_is_named(
    operator: httpx.AsyncClient, fields: dict[str, Any], at_fault: str
) -> None:
    answer = await operator.post("/v1/apps", json={**APP, **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, at_fault)


async def test_an_app_is_deleted_when_no_account_is_bound_to_it(operator: httpx.AsyncClient) -> None:
    await operator.post("/v1/apps", json=APP)
    account = {"platform": "facebook", "page_id": "1001", "app_id": "2210"}
    bound = (await operator.post("/v1/accounts", json=account)).json()
    refused = await operator.delete("/v1/apps/2210")
    assert (refused.status_code, refused.json()["code"]) == (409, "app_in_use")
    await operator.delete(f"/v1/accounts/{bound['id']}")
    assert (await operator.delete("/v1/apps/2210")).status_code == 204
    assert (await operator.get("/v1/apps/2210")).status_code == 404
