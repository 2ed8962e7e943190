"""Alive and ready."""

import httpx
import pytest

from gateway.services import Services

pytestmark = pytest.mark.anyio


async def test_alive_and_ready_need_no_key(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("/healthz")).json() == {"status": "alive"}
    assert (await nobody.get("/readyz")).json()["status"] == "ready"


async def test_probes_of_life_may_add_what_they_like(nobody: httpx.AsyncClient) -> None:
    assert (await nobody.get("/healthz?probe=7&customer_id=x")).status_code == 200
    assert (await nobody.head("/readyz")).status_code == 200


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
@pytest.mark.parametrize("name", ["customer_id", "name"])
async def test_what_has_no_parameters_names_one_that_it_is_given(
    nobody: httpx.AsyncClient, path: str, name: str
) -> None:
    answer = await nobody.get(path, params={name: "x"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid_request")
    assert [one["field"] for one in problem["errors"]] == [name]


async def test_a_store_that_takes_no_writes_is_not_ready_but_alive(
    services: Services, nobody: httpx.AsyncClient
) -> None:
    await services.store.close()
    answer = await nobody.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert (await nobody.get("/healthz")).status_code == 200
