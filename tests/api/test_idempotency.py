"""A request that is sent again under its key is answered again and not done again."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from starlette.responses import Response

from gateway.api.idempotency import once
from gateway.api.problems import Problem, ProblemKind
from gateway.api.routes import OPERATIONS
from gateway.services import Services
from gateway.store.keyed import KEYED_MS, KeyedRequest
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.api.conftest import Time, client, key_of
from tests.gateways import ADMIN_KEY

pytestmark = pytest.mark.anyio

BODY = {"name": "Rosa's Flowers"}
KEY = {"idempotency-key": "the-first-request-of-the-tests"}
REQUEST = KeyedRequest(key=b"k" * 32, fingerprint=b"f" * 32)


async def customers(operator: httpx.AsyncClient) -> int:
    """How many have been made through the API."""
    listed = (await operator.get("/v1/customers")).json()["data"]
    return sum(one["name"] == BODY["name"] for one in listed)


async def make(operator: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    """Make a customer under a key."""
    return await operator.post("/v1/customers", **({"json": BODY, "headers": KEY} | changes))


def on_disk(folder: Path) -> bytes:
    """All bytes of the store's files."""
    return b"".join(path.read_bytes() for path in folder.glob("gateway.db*"))


async def test_the_same_request_gets_the_same_answer(operator: httpx.AsyncClient) -> None:
    first, second = await make(operator), await make(operator)
    assert (second.status_code, second.content) == (first.status_code, first.content) == (201, first.content)
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["cache-control"] == "no-store"
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await customers(operator) == 1


async def test_a_body_is_the_same_in_any_order_and_with_any_spaces(operator: httpx.AsyncClient) -> None:
    typed = {"headers": KEY | {"content-type": "application/json"}, "json": None}
    first = await make(operator, **typed, content=b'{"name": "Rosa", "metadata": {"a": "1", "b": "2"}}')
    second = await make(operator, **typed, content=b'{"metadata":{"b":"2","a":"1"},"name":"Rosa"}')
    assert (second.status_code, second.content) == (first.status_code, first.content) == (201, first.content)


@pytest.mark.parametrize(
    "changes",
    [
        {"json": {"name": "Rosa's Trees"}},
        {"params": {"customer_id": "default"}},
        {"json": {**BODY, "metadata": {}}},
    ],
)
async def test_another_body_or_query_under_the_same_key_is_a_mistake(
    operator: httpx.AsyncClient, changes: Any
) -> None:
    await make(operator)
    answer = await make(operator, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await customers(operator) == 1


async def test_of_two_at_once_one_is_done(operator: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(make(operator) for _ in range(5)))
    codes = {answer.json().get("code") for answer in answers}
    assert codes <= {None, "idempotency_key_in_use"}
    assert await customers(operator) == 1


async def test_what_has_no_answer_yet_is_in_use(services: Services) -> None:
    async def act() -> Response:
        with pytest.raises(Problem) as raised:
            await once(services, REQUEST, act, "req_second")
        assert raised.value.kind is ProblemKind.IDEMPOTENCY_KEY_IN_USE
        return Response(status_code=201)

    assert (await once(services, REQUEST, act, "req_first")).status_code == 201


async def test_a_failure_of_ours_frees_the_key(services: Services) -> None:
    outcomes = iter([Response(status_code=503), Response(status_code=201)])

    async def act() -> Response:
        return next(outcomes)

    answers = [await once(services, REQUEST, act, "req_any") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 201, 201]


async def test_a_request_that_was_cut_off_is_not_done_again(services: Services) -> None:
    async def act() -> Response:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await once(services, REQUEST, act, "req_first")
    with pytest.raises(Problem) as raised:
        await once(services, REQUEST, act, "req_second")
    assert raised.value.kind is ProblemKind.IDEMPOTENCY_KEY_IN_USE


async def test_a_refusal_is_kept_too(operator: httpx.AsyncClient) -> None:
    first = await make(operator, json={"nmae": "x"})
    second = await make(operator, json={"nmae": "x"})
    assert first.status_code == second.status_code == 422
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["request-id"] != first.headers["request-id"]


async def test_a_day_later_the_key_is_new(operator: httpx.AsyncClient, time: Time) -> None:
    await make(operator)
    time.now += KEYED_MS
    assert "idempotent-replayed" not in (await make(operator)).headers
    assert await customers(operator) == 2


async def test_keys_of_different_callers_and_paths_have_nothing_to_do_with_each_other(
    operator: httpx.AsyncClient, customer: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    body = {"url": "https://a.example.com"}
    for http in (operator, customer, other):
        answer = await http.post("/v1/endpoints", json=body, headers=KEY)
        assert (answer.status_code, "idempotent-replayed" in answer.headers) == (201, False)
    assert (await make(operator)).status_code == 201


async def test_who_may_not_act_may_not_look_at_the_answer(
    services: Services, customer: httpx.AsyncClient
) -> None:
    body = {"url": "https://a.example.com"}
    await customer.post("/v1/endpoints", json=body, headers=KEY)
    await services.store.put_key(key_of("default", ("read",)))
    await services.directory.reload()
    answer = await customer.post("/v1/endpoints", json=body, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "naïve"])
async def test_a_key_must_be_short_and_plain(operator: httpx.AsyncClient, key: str) -> None:
    answer = await make(operator, headers={b"idempotency-key": key.encode("latin-1")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_secret_that_is_shown_once_is_sealed_and_can_be_had_again(
    operator: httpx.AsyncClient, services: Services, tmp_path: Path
) -> None:
    first = await operator.post("/v1/customers/default/keys", json={}, headers=KEY)
    kept = on_disk(tmp_path)
    assert first.json()["id"].encode() in kept
    assert first.json()["key"].encode() not in kept
    assert KEY["idempotency-key"].encode() not in kept
    await services.store.close()
    store = SqliteStore(tmp_path / "gateway.db", Vault(*services.settings.encryption_key))
    await store.open()
    async with client(replace(services, store=store), ADMIN_KEY) as http:
        second = await http.post("/v1/customers/default/keys", json={}, headers=KEY)
    await store.close()
    assert second.content == first.content


def test_every_post_takes_a_key() -> None:
    assert {one.method for one in OPERATIONS if one.takes_key} == {"POST"}
    assert all(one.takes_key for one in OPERATIONS if one.method == "POST")
