"""Who gets in."""

import inspect

import httpx
import pytest

from gateway.api.authentication import authenticate
from gateway.api.operations import Operation
from gateway.api.routes import OPERATIONS
from gateway.services import Services
from tests.api.conftest import client, key_text
from tests.gateways import ADMIN_KEY

pytestmark = pytest.mark.anyio

KEYED = [one for one in OPERATIONS if one.access != "open"]


def path_of(operation: Operation) -> str:
    """The operation's path with ids that do not exist."""
    return operation.path.replace("{id}", "default").replace("{key_id}", "key_none")


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def test_only_health_and_the_reference_are_open() -> None:
    open_paths = {one.path for one in OPERATIONS if one.access == "open"}
    assert open_paths == {"/healthz", "/readyz", "/metrics", "/openapi.yaml", "/docs"}


@pytest.mark.parametrize("operation", KEYED, ids=name_of)
@pytest.mark.parametrize("key", [None, "gw_nobodys", ADMIN_KEY[:-1], ADMIN_KEY + "x"])
async def test_without_a_valid_key_there_is_nothing(
    services: Services, operation: Operation, key: str | None
) -> None:
    async with client(services, key) as http:
        answer = await http.request(operation.method, path_of(operation), content=b"not json")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("operation", [one for one in KEYED if one.access == "operator"], ids=name_of)
async def test_what_is_the_operators_refuses_a_customers_key(
    customer: httpx.AsyncClient, operation: Operation
) -> None:
    answer = await customer.request(operation.method, path_of(operation), content=b"not json")
    assert (answer.status_code, answer.json()["code"]) == (403, "operator_only")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {ADMIN_KEY}",
        f"{ADMIN_KEY}",
        f"Bearer  {ADMIN_KEY}",
        f"Bearer {ADMIN_KEY},",
        f"Token {key_text('default')}",
        "Bearer \xff\xfe",
    ],
)
async def test_a_header_that_is_not_just_so_is_refused(nobody: httpx.AsyncClient, header: str) -> None:
    answer = await nobody.get("/v1/endpoints", headers={b"authorization": header.encode("latin-1")})
    assert answer.status_code == 401


async def test_the_scheme_is_read_in_any_case(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/v1/endpoints", headers={"authorization": f"bEARER {ADMIN_KEY}"})
    assert answer.status_code == 200


def test_keys_are_compared_in_constant_time() -> None:
    source = inspect.getsource(authenticate)
    assert "compare_digest(" in source
    assert " == " not in source


async def test_the_operator_may_look_through_a_customers_eyes(operator: httpx.AsyncClient) -> None:
    for customer_id in ("default", "cus_other"):
        await operator.post(
            "/v1/endpoints", json={"url": "https://a.example.com", "customer_id": customer_id}
        )
    everything = (await operator.get("/v1/endpoints")).json()["data"]
    others = (await operator.get("/v1/endpoints?customer_id=cus_other")).json()["data"]
    assert len(everything) == 2
    assert [one["customer_id"] for one in others] == ["cus_other"]
    assert (await operator.get("/v1/endpoints?customer_id=cus_none")).status_code == 404
