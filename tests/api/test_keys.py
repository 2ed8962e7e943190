"""API keys of customers."""

from typing import Any

import httpx
import pytest

from gateway.services import Services
from tests.api.conftest import NOW, Time, client

pytestmark = pytest.mark.anyio

KEYS = "/v1/customers/default/keys"


async def create(operator: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await operator.post(KEYS, json=fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def status(services: Services, key: str, method: str = "GET") -> int:
    """What a holder of the key gets from the endpoints."""
    async with client(services, key) as http:
        return (await http.request(method, "/v1/endpoints", json=None)).status_code


async def test_a_key_works_and_is_shown_once(operator: httpx.AsyncClient, services: Services) -> None:
    made = await create(operator, name="desk")
    listed = await operator.get(KEYS)
    assert await status(services, made["key"]) == 200
    assert made["key"].startswith("gw_")
    assert (made["prefix"], len(made["key"])) == (made["key"][:8], 46)
    assert made["key"] not in listed.text
    assert made["id"] in listed.text


async def test_a_revoked_key_ends_at_once_and_stays_listed(
    operator: httpx.AsyncClient, services: Services, time: Time
) -> None:
    made = await create(operator)
    path = f"{KEYS}/{made['id']}"
    assert (await operator.delete(path)).status_code == 204
    time.now += 5_000
    assert (await operator.delete(path)).status_code == 204
    assert await status(services, made["key"]) == 401
    listed = (await operator.get(KEYS)).json()["data"]
    assert [one["revoked_at"] for one in listed if one["id"] == made["id"]] == [NOW // 1000]


async def test_a_key_expires(operator: httpx.AsyncClient, services: Services, time: Time) -> None:
    made = await create(operator, expires_at=NOW // 1000 + 60)
    assert await status(services, made["key"]) == 200
    time.now += 60_000
    assert await status(services, made["key"]) == 401


async def test_a_key_may_do_what_its_scopes_say(operator: httpx.AsyncClient, services: Services) -> None:
    reader = await create(operator, scopes=["read"])
    writer = await create(operator, scopes=["write"])
    everything = await create(operator, scopes=["admin"])
    assert [await status(services, one["key"]) for one in (reader, writer, everything)] == [200, 403, 200]
    posting = [await status(services, one["key"], "POST") for one in (reader, writer, everything)]
    assert posting == [403, 422, 422]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "fly"]}, "scopes[1]"),
        ({"expires_at": NOW // 1000}, "expires_at"),
        ({"name": "x" * 201}, "name"),
    ],
)
async def test_a_field_at_fault_is_named(
    operator: httpx.AsyncClient, fields: dict[str, Any], at_fault: str
) -> None:
    answer = await operator.post(KEYS, json=fields)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, at_fault)


async def test_keys_of_nobody_are_not_found(operator: httpx.AsyncClient) -> None:
    nowhere = "/v1/customers/cus_none/keys"
    assert (await operator.post(nowhere, json={})).status_code == 404
    assert (await operator.get(nowhere)).status_code == 404
    assert (await operator.delete(f"{KEYS}/key_none")).status_code == 404


async def test_a_key_is_revoked_only_under_its_own_customer(operator: httpx.AsyncClient) -> None:
    made = await create(operator)
    answer = await operator.delete(f"/v1/customers/cus_other/keys/{made['id']}")
    assert answer.status_code == 404
