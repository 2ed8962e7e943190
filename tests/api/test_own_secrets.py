"""A secret that the receiver has already: from another system, or shared by several endpoints."""

import base64

import httpx
import pytest

from gateway.deliver.signing import sign_headers
from gateway.services import Services
from tests.api.test_endpoints import URL, create

pytestmark = pytest.mark.anyio


def secret(size: int) -> str:
    """`size` bytes, all the same."""
    return "whsec_" + base64.b64encode(b"s" * size).decode()


@pytest.mark.parametrize("size", [24, 25, 26, 32, 62, 63, 64])
async def test_a_secret_of_ones_own_signs_and_is_shown_like_any_other(
    customer: httpx.AsyncClient, services: Services, size: int
) -> None:
    made = await create(customer, secret=secret(size))
    assert made["secret"] == secret(size)
    assert services.directory.endpoints[made["id"]].signing_keys(0) == (secret(size),)
    assert sign_headers("evt_1", 1, b"{}", [secret(size)])
    assert secret(size) not in (await customer.get(f"/v1/endpoints/{made['id']}")).text


@pytest.mark.parametrize(
    "bad",
    [secret(23), secret(65), secret(32)[6:], secret(32)[:-1], secret(32) + "\n", "whsec_" + "-" * 32, ""],
)
async def test_what_is_no_such_secret_is_refused_and_not_repeated(
    customer: httpx.AsyncClient, bad: str
) -> None:
    made = await create(customer)
    for path, body in (("/v1/endpoints", {"url": URL}), (f"/v1/endpoints/{made['id']}/rotate-secret", {})):
        answer = await customer.post(path, json={**body, "secret": bad})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "secret")
        assert not bad or bad not in answer.text


async def test_a_rotation_can_bring_its_own_and_one_that_is_live_is_not_doubled(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    path = f"/v1/endpoints/{made['id']}/rotate-secret"
    for _ in range(2):
        assert (await customer.post(path, json={"secret": secret(32)})).json()["secret"] == secret(32)
    live = services.directory.endpoints[made["id"]].signing_keys(services.clock())
    assert live == (secret(32), made["secret"])


async def test_a_change_cannot_slip_in_a_secret(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    answer = await customer.patch(f"/v1/endpoints/{made['id']}", json={"secret": secret(32)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "secret")
