"""What the doctor sees, over real HTTP."""

from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from gateway.services import Services
from tests.api.conftest import caring, client, key_text
from tests.api.graphs import account, facing, page
from tests.simulator.callbacks import VERIFY_TOKEN, listening
from tests.simulator.towns import Town

pytestmark = pytest.mark.anyio


async def connected(http: httpx.AsyncClient, body: dict[str, Any]) -> str:
    """The path of a new account."""
    return f"/v1/accounts/{(await http.post('/v1/accounts', json=body)).json()['id']}"


async def codes(http: httpx.AsyncClient, path: str) -> list[str]:
    findings = (await http.get(f"{path}/health")).json()["findings"]
    assert all(one["remedy"] for one in findings)
    return [one["code"] for one in findings]


async def subscribe(made: Town, url: str) -> None:
    """The app's own webhooks go to a gateway at this address."""
    for platform in ("facebook", "instagram", "whatsapp"):
        await made.meta.subscribe(platform, url)


async def test_what_is_as_it_should_be_is_well(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await subscribe(made, "https://gateway.example/webhooks/any")
        for body in (
            page(made),
            account(made, "instagram", made.account.id),
            account(made, "whatsapp", made.number.id, waba_id=made.number.waba.id),
        ):
            assert await codes(customer, await connected(customer, body)) == []


async def test_what_is_not_subscribed_is_found_and_mended(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await subscribe(made, "https://gateway.example/webhooks/any")
        path = await connected(customer, page(made))
        made.page.subscribed.clear()
        assert await codes(customer, path) == ["not_subscribed"]
        made.page.subscribed[made.meta.app.id] = frozenset({"feed"})
        assert await codes(customer, path) == ["fields_missing"]
        mended = await customer.post(f"{path}/subscribe")
        assert mended.json()["healthy"]
        assert {"feed", "messages"} <= made.page.subscribed[made.meta.app.id]


async def test_webhooks_that_go_elsewhere_are_found(services: Services) -> None:
    async with facing(services) as (made, facing_meta), listening() as callback:
        here = replace(facing_meta.settings, public_url="https://gateway.example")
        meta = facing_meta
        care = caring(meta.store, meta.directory, meta.graph, here, meta.intake)
        async with client(replace(meta, settings=here, care=care), key_text("default")) as customer:
            body = account(made, "whatsapp", made.number.id, waba_id=made.number.waba.id)
            path = await connected(customer, body)
            assert await codes(customer, path) == ["no_callback"]
            await made.meta.subscribe("whatsapp", callback.url, VERIFY_TOKEN)
            made.number.override = "https://elsewhere.example/"
            assert await codes(customer, path) == ["callback_elsewhere", "callback_overridden"]


async def test_tokens_that_end_and_have_ended_are_found(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await subscribe(made, "https://gateway.example/webhooks/any")
        path, token = await connected(customer, page(made)), made.meta.token(made.page.id)
        token.expires_ms = services.clock() + 3 * 86_400_000
        assert await codes(customer, path) == ["token_expires"]
        token.ended = 460
        assert await codes(customer, path) == ["token_expired"]
        assert (await customer.post(f"{path}/subscribe")).json()["code"] == "token_expired"
        made.meta.faults.clear()


async def test_an_account_without_a_token_or_without_its_waba_says_what_is_missing(
    services: Services, operator: httpx.AsyncClient
) -> None:
    path = await connected(operator, {"platform": "facebook", "page_id": "1001"})
    assert await codes(operator, path) == ["no_token"]
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await subscribe(made, "https://gateway.example/webhooks/any")
        path = await connected(customer, account(made, "whatsapp", made.number.id))
        assert await codes(customer, path) == ["waba_unknown"]
        refused = await customer.post(f"{path}/subscribe")
        assert refused.json()["errors"][0]["field"] == "waba_id"
