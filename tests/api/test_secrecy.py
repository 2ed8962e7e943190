"""Secrets come out once, where they are made, and nowhere else: no answer, no error, no log, no repr."""

import base64
import logging
from typing import Any

import httpx
import msgspec
import pytest
from msgspec import Struct

from gateway.api.apps import NewApp
from gateway.api.bodies import Input
from gateway.api.connecting import NewAccount
from gateway.api.endpoint_forms import NewEndpoint
from gateway.api.routes import OPERATIONS
from gateway.services import Services
from tests.gateways import ADMIN_KEY

pytestmark = pytest.mark.anyio

TOKEN = "EAAG-the-access-token"
APP_SECRET = "the-app-secret"
VERIFY_TOKEN = "the-verify-token"
HEADER = "the-value-of-a-header"
PASSWORD = "the-password-of-the-receiver"
CREDENTIALS = base64.b64encode(f"gateway:{PASSWORD}".encode()).decode()


async def configure(operator: httpx.AsyncClient) -> list[str]:
    """Every kind of secret, once; returns those that the gateway made, and one that it encoded."""
    app = {"id": "2210", "app_secrets": [APP_SECRET], "verify_token": VERIFY_TOKEN}
    account = {"platform": "facebook", "page_id": "1001", "access_token": TOKEN, "app_id": "2210"}
    endpoint = {
        "url": "https://a.example.com",
        "headers": {"X-Key": HEADER},
        "auth": {"type": "basic", "username": "gateway", "password": PASSWORD},
        "ed25519": True,
    }
    await operator.post("/v1/apps", json=app)
    await operator.post("/v1/accounts", json=account)
    made = (await operator.post("/v1/endpoints", json=endpoint)).json()
    key = (await operator.post("/v1/customers/default/keys", json={})).json()
    rotated = (await operator.post(f"/v1/endpoints/{made['id']}/rotate-secret", json={})).json()
    return [made["secret"], rotated["secret"], key["key"], CREDENTIALS]


async def everything(operator: httpx.AsyncClient) -> str:
    """All that can be read, by the operator."""
    texts = []
    for path in ("accounts", "endpoints", "apps", "customers", "customers/default/keys"):
        listed = await operator.get(f"/v1/{path}")
        texts.append(listed.text)
        for item in listed.json()["data"]:
            texts.append((await operator.get(f"/v1/{path}/{item['id']}")).text)
    return "\n".join(texts)


async def test_what_is_configured_shows_no_secret(operator: httpx.AsyncClient) -> None:
    made = await configure(operator)
    shown = await everything(operator)
    assert [
        one for one in (TOKEN, APP_SECRET, VERIFY_TOKEN, HEADER, PASSWORD, ADMIN_KEY, *made) if one in shown
    ] == []


async def test_the_log_shows_no_secret(operator: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "gateway"):
        made = await configure(operator)
    written = caplog.text
    assert [
        one for one in (TOKEN, APP_SECRET, VERIFY_TOKEN, HEADER, PASSWORD, ADMIN_KEY, *made) if one in written
    ] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("accounts", {"platform": "pigeon", "page_id": "1", "access_token": TOKEN}),
        ("accounts", {"platform": "facebook", "page_id": 1, "access_token": TOKEN}),
        ("accounts", {"platform": "facebook", "page_id": "1", "access_token": [TOKEN]}),
        ("apps", {"app_secrets": TOKEN, "verify_token": TOKEN}),
        ("apps", {"app_secrets": [TOKEN], "verify_token": TOKEN}),
        ("endpoints", {"url": "https://a.example.com", "headers": {"X-A": TOKEN + "\n"}}),
        ("endpoints", {"url": "https://a.example.com", "headers": {"Host": TOKEN}}),
    ],
)
async def test_errors_repeat_no_secret(operator: httpx.AsyncClient, path: str, body: Any) -> None:
    answer = await operator.post(f"/v1/{path}", json=body)
    assert answer.status_code == 422
    assert TOKEN not in answer.text


async def test_a_wrong_key_is_not_repeated(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/v1/events", headers={"authorization": "Bearer gw_a-wrong-key"})
    assert "gw_a-wrong-key" not in answer.text


@pytest.mark.parametrize(
    "given",
    [
        NewAccount(platform="facebook", page_id="1", access_token=TOKEN),
        NewApp(app_secrets=(TOKEN,), verify_token=TOKEN),
        NewEndpoint(url="https://a.example.com", headers={"X-A": TOKEN}),
    ],
)
def test_bodies_have_a_repr_without_values(given: Input) -> None:
    assert TOKEN not in repr(given)


def test_answers_that_hold_a_secret_have_a_repr_without_it() -> None:
    answers = [form for one in OPERATIONS for form in one.answers.values()]
    forms = [form for form in answers if isinstance(form, type) and issubclass(form, Struct)]
    secret = [form for form in forms if {"secret", "key"} & set(form.__struct_fields__)]
    assert len(secret) == 3
    for form in secret:
        values = dict.fromkeys(form.__struct_fields__, TOKEN)
        assert repr(form(**{**values, "id": "x"})).count(TOKEN) == 0


async def test_stored_values_have_a_repr_without_secrets(
    operator: httpx.AsyncClient, services: Services
) -> None:
    made = await configure(operator)
    configuration = repr(msgspec.structs.asdict(await services.store.configuration()))
    assert [
        one for one in (TOKEN, APP_SECRET, VERIFY_TOKEN, HEADER, PASSWORD, *made) if one in configuration
    ] == []
