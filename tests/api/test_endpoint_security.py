"""How an endpoint's receiver knows the gateway: credentials, and ed25519 signatures."""

import httpx
import pytest
from msgspec.structs import replace

from gateway.deliver.signing import public_key
from gateway.services import Services
from tests.api.test_endpoints import URL, create

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        ({"type": "basic", "username": "gateway", "password": "päss:word"}, "Basic Z2F0ZXdheTpww6Rzczp3b3Jk"),
        ({"type": "bearer", "token": "open-sesame"}, "Bearer open-sesame"),
    ],
)
async def test_credentials_are_kept_and_never_shown(
    customer: httpx.AsyncClient, services: Services, auth: dict[str, str], header: str
) -> None:
    answer = await customer.post("/v1/endpoints", json={"url": URL, "auth": auth})
    made = answer.json()
    assert made["auth_type"] == auth["type"]
    assert services.directory.endpoints[made["id"]].authorization == header
    shown = answer.text + (await customer.get(f"/v1/endpoints/{made['id']}")).text
    assert not [one for one in (header, auth.get("password"), auth.get("token")) if one and one in shown]


async def test_credentials_can_be_taken_back(customer: httpx.AsyncClient, services: Services) -> None:
    made = await create(customer, auth={"type": "bearer", "token": "x"})
    changed = await customer.patch(f"/v1/endpoints/{made['id']}", json={"auth": None})
    assert changed.json()["auth_type"] is None
    assert services.directory.endpoints[made["id"]].authorization is None


@pytest.mark.parametrize(
    ("auth", "field"),
    [
        ({"type": "bearer", "token": "open sesame"}, "auth.token"),
        ({"type": "bearer", "token": "secret-token\n"}, "auth.token"),
        ({"type": "bearer", "token": ""}, "auth.token"),
        ({"type": "basic", "username": "a:b", "password": "p"}, "auth.username"),
        ({"type": "basic", "username": "a", "password": "p\r\nX-B: c"}, "auth.password"),
        ({"type": "basic", "username": "a"}, "auth.password"),
        ({"type": "digest", "token": "x"}, "auth.type"),
    ],
)
async def test_credentials_that_no_header_can_carry_are_refused(
    customer: httpx.AsyncClient, auth: dict[str, str], field: str
) -> None:
    answer = await customer.post("/v1/endpoints", json={"url": URL, "auth": auth})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert "secret-token" not in answer.text


async def test_the_public_key_is_shown_always_and_the_private_key_never(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer, ed25519=True)
    answer = await customer.get(f"/v1/endpoints/{made['id']}")
    private = services.directory.endpoints[made["id"]].signing_key
    assert private is not None and private not in answer.text
    assert answer.json()["public_key"] == made["public_key"] == public_key(private)


async def test_the_key_stays_until_it_is_switched_off(customer: httpx.AsyncClient) -> None:
    made = await create(customer, ed25519=True)
    path = f"/v1/endpoints/{made['id']}"
    keys = [
        (await customer.patch(path, json=change)).json()["public_key"]
        for change in ({"ed25519": True}, {"rate_limit": 5}, {"ed25519": False}, {"ed25519": True})
    ]
    assert keys[:3] == [made["public_key"], made["public_key"], None]
    assert keys[3] not in (None, made["public_key"])


async def test_an_endpoint_that_is_taken_back_into_service_gets_its_whole_time_again(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    endpoint = services.directory.endpoints[made["id"]]
    await services.store.put_endpoint(replace(endpoint, status="disabled", failing_since=1))
    await services.directory.reload()
    await customer.patch(f"/v1/endpoints/{made['id']}", json={"status": "active"})
    assert services.directory.endpoints[made["id"]].failing_since == services.clock()
