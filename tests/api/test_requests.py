"""Requests that cannot be done, and what the API says of them."""

import logging
from typing import Any

import httpx
import msgspec
import pytest

from gateway.api.application import application
from gateway.services import Services
from tests.api.conftest import client
from tests.gateways import ADMIN_KEY

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
CUSTOMERS = "/v1/customers"


async def post(operator: httpx.AsyncClient, content: bytes, **headers: str) -> tuple[int, str]:
    sent = {"content-type": "application/json"} | {
        key.replace("_", "-"): value for key, value in headers.items()
    }
    answer = await operator.post(CUSTOMERS, content=content, headers=sent)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("content", [b"{", b"nonsense", b'{"name": "x"', b"\xff", b'{"name": "\\ud800"}'])
async def test_what_is_not_json_is_told(operator: httpx.AsyncClient, content: bytes) -> None:
    assert await post(operator, content) == (400, "invalid_json")


@pytest.mark.parametrize("content", [b"[]", b"null", b"3", b'{"name": 3}', b'{"name": null}', b""])
async def test_json_of_another_shape_is_told(operator: httpx.AsyncClient, content: bytes) -> None:
    assert await post(operator, content) == (422, "invalid_request")


async def test_deep_nesting_does_no_harm(operator: httpx.AsyncClient) -> None:
    nested = b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert (await post(operator, nested))[0] in (400, 422)


async def test_unknown_and_missing_fields_are_named(operator: httpx.AsyncClient) -> None:
    unknown = (await operator.post(CUSTOMERS, json={"name": "x", "colour": "red"})).json()
    missing = (await operator.post(CUSTOMERS, json={})).json()
    assert unknown["errors"] == [{"field": "colour", "detail": "is not known here"}]
    assert missing["errors"] == [{"field": "name", "detail": "is required"}]
    assert missing["type"] == "/docs#invalid_request"


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_media_type_is_refused(operator: httpx.AsyncClient, media_type: str) -> None:
    assert await post(operator, b'{"name":"x"}', content_type=media_type) == (415, "unsupported_media_type")


async def test_a_charset_does_not_matter(operator: httpx.AsyncClient) -> None:
    sent = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await operator.post(CUSTOMERS, content=b'{"name":"x"}', headers=sent)).status_code == 201


@pytest.mark.parametrize("query", ["events?until=null", "deliveries?state=null", "endpoints?status=NULL"])
async def test_a_parameter_cannot_be_null(operator: httpx.AsyncClient, query: str) -> None:
    answer = await operator.get(f"/v1/{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_text_parameter_may_be_the_word_null(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/v1/events?page_id=null")).json() == {"data": [], "next_cursor": None}


async def test_a_body_is_at_most_one_mebibyte(operator: httpx.AsyncClient) -> None:
    largest = b'{"name":"x"}'.ljust(1024 * 1024)
    assert (await operator.post(CUSTOMERS, content=largest, headers=JSON)).status_code == 201
    assert await post(operator, largest + b" ") == (413, "body_too_large")


async def test_a_body_that_breaks_off_is_no_failure_of_ours(services: Services) -> None:
    messages = iter(
        [
            {"type": "http.request", "body": b'{"name":', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {ADMIN_KEY}".encode()), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": CUSTOMERS,
        "query_string": b"",
        "headers": headers,
    }
    await application(services)(scope, receive, send)
    assert sent[0]["status"] == 400
    assert msgspec.json.decode(sent[1]["body"])["code"] == "incomplete_body"


async def test_paths_and_methods_that_do_not_exist_are_problems(nobody: httpx.AsyncClient) -> None:
    path = await nobody.get("/v1/nothing")
    slash = await nobody.get("/v1/endpoints/")
    method = await nobody.put("/v1/endpoints")
    assert (path.status_code, path.json()["code"]) == (404, "not_found")
    assert (slash.status_code, slash.json()["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")
    assert set(method.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_a_store_that_is_away_is_503_with_a_time_to_wait(
    services: Services, operator: httpx.AsyncClient
) -> None:
    await services.store.close()
    answer = await operator.get("/v1/events")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_a_failure_shows_nothing_of_the_inside_and_is_logged(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise RuntimeError("the inside")

    with caplog.at_level(logging.ERROR, "gateway"):
        async with client(msgspec.structs.replace(services, clock=broken), ADMIN_KEY) as operator:
            answer = await operator.post(CUSTOMERS, json={"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "the inside" not in answer.text
    assert "RuntimeError: the inside" in caplog.text


async def test_answers_are_kept_by_no_cache(operator: httpx.AsyncClient) -> None:
    for path in (CUSTOMERS, "/v1/customers/cus_none", "/v1/events?limit=0"):
        assert (await operator.get(path)).headers["cache-control"] == "no-store"


async def test_every_request_with_a_key_is_one_line_in_the_log(
    operator: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "gateway"):
        await operator.get("/v1/customers/default")
        await operator.get("/healthz")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert lines[0].startswith("api request=req_")
    assert " method=GET path=/v1/customers/{id} status=200 ms=" in lines[0]
