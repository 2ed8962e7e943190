"""Messages that no webhook has brought become the events that it would have made."""

import json

import pytest

from adapters import ADAPTERS
from adapters.base import Inbound
from gateway.services import Services
from tests.api.conftest import client, key_text
from tests.api.graphs import account, facing, page
from tests.simulator.callbacks import VERIFY_TOKEN

pytestmark = pytest.mark.anyio


async def test_what_was_missed_comes_marked_and_once_with_the_ids_of_its_webhooks(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await made.meta.subscribe("facebook", made.callback.url, VERIFY_TOKEN)
        path = f"/v1/accounts/{(await customer.post('/v1/accounts', json=page(made))).json()['id']}/backfill"
        await made.acts.sends("anna", made.page.id, "long before")
        made.meta.advance(7_200)
        since = made.meta.clock.now_s()
        made.meta.add_person("ben")
        for who, text in (("anna", "one"), ("anna", "two"), ("ben", "three")):
            made.meta.advance(10)
            await made.acts.sends(who, made.page.id, text)
        for expected in ((3, 0), (0, 3)):
            step = (await customer.post(path, json={"since": since})).json()
            assert (step["stored"], step["duplicates"], step["next_cursor"]) == (*expected, None)
        query = "/v1/events?event=message.received&order=asc"
        events = (await customer.get(query)).json()["data"]
        assert {one["message"]["body"] for one in events} == {"one", "two", "three"}
        assert all(one["backfilled"] and "signature_verified" not in one for one in events)
        annas = [one["sequence"] for one in events if one["message"]["body"] in ("one", "two")]
        assert annas == [1, 2] or annas == [2, 3]
        before = len(events)
        for webhook in made.meta.notifier.sent:
            await replayed(facing_meta, webhook.body)
        after = (await customer.get(query)).json()["data"]
        assert len(after) == before + 1


async def replayed(services: Services, body: bytes) -> None:
    """The webhook comes after all."""
    await services.intake.take("facebook", None, ADAPTERS["facebook"].decode(Inbound(body)))


async def test_it_goes_on_page_by_page_and_ends_where_the_gap_began(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        path = f"/v1/accounts/{(await customer.post('/v1/accounts', json=page(made))).json()['id']}/backfill"
        for number in range(23):
            made.meta.add_person(f"p{number}")
            made.meta.advance(60)
            await made.acts.sends(f"p{number}", made.page.id, "hi")
        since = made.meta.clock.now_s() - 15 * 60
        first = (await customer.post(path, json={"since": since})).json()
        second = (await customer.post(path, json={"since": since, "cursor": first["next_cursor"]})).json()
        assert (first["stored"], second["stored"], second["next_cursor"]) == (10, 6, None)


async def test_instagram_has_it_and_whatsapp_has_not(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await made.acts.sends("anna", made.account.id, "hi")
        stored = []
        for platform, asset in (("instagram", made.account.id), ("whatsapp", made.number.id)):
            body = account(made, platform, asset)
            path = f"/v1/accounts/{(await customer.post('/v1/accounts', json=body)).json()['id']}/backfill"
            stored.append(await customer.post(path, json={"since": 0}))
        assert json.loads(stored[0].content)["stored"] == 1
        assert stored[1].json()["errors"][0]["field"] == "platform"
