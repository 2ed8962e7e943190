"""Every operation and every kind of caller: who is refused, with what, and who is not."""

import hashlib
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from adapters.message import Attachment
from gateway.api.operations import Operation
from gateway.api.reference.examples import EXAMPLES
from gateway.api.routes import OPERATIONS
from gateway.services import Services
from tests.api.arrivals import arrival, with_attachment
from tests.api.conftest import NOW, OTHER, client, key_of
from tests.api.test_tenancy import belongings
from tests.gateways import ADMIN_KEY

pytestmark = pytest.mark.anyio

KEYED = [one for one in OPERATIONS if one.access != "open"]
PULLED = ("/v1/poll", "/v1/stream")
"""They name an endpoint, but not in their path."""
SCOPES = ("read", "write", "send")
REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "revoked": ("unauthorized", {"scopes": ("admin",), "revoked_at": NOW}),
    "expired": ("unauthorized", {"scopes": ("admin",), "expires_at": NOW}),
    "without the scope": ("scope_missing", {}),
}
"""Caller → the code that it gets, and what is particular about its key."""


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


async def key(services: Services, name: str, customer_id: str, **facts: Any) -> str:
    """A new key in the store and in the directory; its text."""
    digest = hashlib.sha256(name.encode()).digest()
    stored = replace(key_of(customer_id), id=f"key_{digest.hex()[:8]}", digest=digest, **facts)
    await services.store.put_key(stored)
    await services.directory.reload()
    return name


async def ask(services: Services, key: str | None, operation: Operation, mine: dict[str, str]) -> Any:
    """The answer to a well-formed request for something that the customer `default` has."""
    kind = operation.path.split("/")[2]
    path = (
        operation.path.replace("{id}", mine.get(kind, "default"))
        .replace("{key_id}", "key_of_default")
        .replace("{index}", "0")
    )
    body = None if operation.body is None else EXAMPLES[operation.body.__name__]
    for member in ("contact_id", "suspect"):
        if body is not None and member in body:
            body = {**body, member: mine["contacts"]}
    if body is not None and "endpoint_id" in body:
        body = {**body, "endpoint_id": mine["endpoints"]}
    if body is not None and "to" in body:
        body = {**body, "page_id": "1001"}
    query = {"endpoint_id": mine["endpoints"]} if operation.path == "/v1/stream" else {}
    if body is not None and operation.path == "/v1/contacts/match-ids":
        body = {**body, "app_id": mine["apps"]}
    if operation.file_bytes is not None:
        query = {"platform": "facebook", "page_id": "1001", "filename": "a.png"}
    async with client(services, key) as http:
        return await http.request(operation.method, path, json=body, params=query)


@pytest.fixture
async def mine(
    services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient
) -> dict[str, str]:
    """One of everything that belongs to the customer `default`."""
    app = {"id": "2210", "app_secrets": ["an-app-secret"], "verify_token": "a-verify-token"}
    await operator.post("/v1/apps", json=app)
    somebody = {"platform": "facebook", "kind": "psid", "value": "9999", "scope": "1001"}
    erasure = await operator.post("/v1/erasures", json=somebody)
    picture = Attachment(type="image", original_type="image", storable=True)
    await services.store.accept([with_attachment(arrival(99), picture)])
    media = arrival(99).decoded.event.id
    owned = await belongings(services, operator, customer)
    return {"apps": "2210", "erasures": erasure.json()["code"], "media": media, **owned}


@pytest.mark.parametrize("operation", KEYED, ids=name_of)
async def test_a_key_that_is_dead_or_too_weak_is_refused(
    services: Services, mine: dict[str, str], operation: Operation
) -> None:
    too_weak = tuple(scope for scope in SCOPES if scope != operation.access)
    for caller, (code, facts) in REFUSED.items():
        text = await key(services, caller, "default", **({"scopes": too_weak} | facts))
        answer = await ask(services, text, operation, mine)
        expected = "operator_only" if code == "scope_missing" and operation.access == "operator" else code
        assert answer.json()["code"] == expected, caller
    assert (await ask(services, None, operation, mine)).json()["code"] == "unauthorized"


@pytest.mark.parametrize("operation", KEYED, ids=name_of)
async def test_anothers_key_finds_nothing(
    services: Services, mine: dict[str, str], operation: Operation
) -> None:
    text = await key(services, "another's", OTHER, scopes=("admin",))
    answer = await ask(services, text, operation, mine)
    if operation.access == "operator":
        assert answer.json()["code"] == "operator_only"
    elif "{" in operation.path or operation.path in PULLED:
        assert answer.json()["code"] == "not_found"
    elif operation.method == "GET":
        assert answer.json()["data"] == []
    elif answer.json().get("code") != "not_found":
        assert not any(identifier in answer.text for identifier in mine.values())


@pytest.mark.parametrize("scopes", [None, ("admin",)], ids=["its scope", "admin"])
@pytest.mark.parametrize("operation", [one for one in KEYED if one.access != "operator"], ids=name_of)
async def test_the_right_key_is_let_in(
    services: Services, mine: dict[str, str], operation: Operation, scopes: tuple[str, ...] | None
) -> None:
    text = await key(services, "the right one", "default", scopes=scopes or (operation.access,))
    answer = await ask(services, text, operation, mine)
    assert answer.status_code not in (401, 403, 404), answer.text


@pytest.mark.parametrize("operation", KEYED, ids=name_of)
async def test_the_operator_is_let_in(services: Services, mine: dict[str, str], operation: Operation) -> None:
    answer = await ask(services, ADMIN_KEY, operation, mine)
    assert answer.status_code not in (401, 403, 404), answer.text
