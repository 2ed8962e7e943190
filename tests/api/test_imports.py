"""Connecting hundreds, disconnecting one, giving one away; over real HTTP."""

import asyncio
from pathlib import Path

import pytest

from gateway.services import Services
from tests.api.arrivals import arrival
from tests.api.conftest import OTHER, client, key_text
from tests.api.graphs import account, facing, page
from tests.gateways import ADMIN_KEY, messenger_text, running, signed
from tests.patience import SOON

pytestmark = pytest.mark.anyio
IMPORT = "/v1/accounts/import"


async def test_a_login_with_many_pages_is_shown_and_connected_page_by_page(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        for _ in range(130):
            made.meta.add_page()
        linked = made.meta.add_instagram_account(page=made.page.id)
        login = {"access_token": made.meta.add_login().value}
        shown = (await customer.post(IMPORT, json=login | {"dry_run": True})).json()["data"]
        assert len(shown) == 132
        assert {one["result"] for one in shown} == {"found"}
        assert services.directory.accounts == {}
        chosen = login | {"page_ids": [made.page.id, linked.id]}
        first, again = [(await customer.post(IMPORT, json=chosen)).json()["data"] for _ in range(2)]
        assert [(one["result"], one["subscribed"]) for one in first] == [("connected", True)] * 2
        assert [(one["result"], one["subscribed"]) for one in again] == [("unchanged", True)] * 2
        assert "messages" in made.page.subscribed[made.meta.app.id]
        stored = services.directory.account("facebook", made.page.id)
        assert stored is not None
        assert stored.access_token == made.meta.token(made.page.id).value


async def test_a_system_user_brings_its_numbers(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        made.number.waba.subscribed.clear()
        second = made.meta.add_number(waba=made.number.waba.id)
        token = made.meta.token(made.number.id).value
        body = {"access_token": token, "platforms": ["whatsapp"], "business_id": made.number.business}
        data = (await customer.post(IMPORT, json=body)).json()["data"]
        assert {(one["page_id"], one["waba_id"], one["result"]) for one in data} == {
            (number.id, made.number.waba.id, "connected") for number in (made.number, second)
        }
        assert made.meta.app.id in made.number.waba.subscribed


async def test_each_item_fails_by_itself(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        ended, owned = made.meta.add_page(), made.meta.add_page()
        made.meta.token(ended.id).ended = 460
        async with client(facing_meta, key_text(OTHER)) as other:
            await other.post("/v1/accounts", json=account(made, "facebook", owned.id))
        data = (await customer.post(IMPORT, json={"access_token": made.meta.add_login().value})).json()[
            "data"
        ]
        results = {one["page_id"]: (one["result"], one["code"]) for one in data}
        assert results == {
            made.page.id: ("connected", None),
            ended.id: ("failed", "token_expired"),
            owned.id: ("failed", "page_owned"),
        }


async def test_a_login_that_has_ended_is_a_problem(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        login = made.meta.add_login()
        login.ended = 463
        refused = await customer.post(IMPORT, json={"access_token": login.value})
        assert (refused.status_code, refused.json()["code"]) == (422, "token_expired")


async def test_what_is_disconnected_is_unsubscribed_once_nobody_else_needs_it(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        linked = made.meta.add_instagram_account(page=made.page.id)
        ids = [
            (await customer.post("/v1/accounts", json=body)).json()["id"]
            for body in (page(made), account(made, "instagram", linked.id))
        ]
        await customer.delete(f"/v1/accounts/{ids[1]}")
        assert made.page.subscribed
        await customer.delete(f"/v1/accounts/{ids[0]}")
        assert not made.page.subscribed


async def test_a_waba_stays_subscribed_while_one_of_its_numbers_is_connected(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        numbers = (made.number, made.meta.add_number(waba=made.number.waba.id))
        for number in numbers:
            body = account(made, "whatsapp", number.id, waba_id=number.waba.id)
            made_account = (await customer.post("/v1/accounts", json=body)).json()
        await customer.delete(f"/v1/accounts/{made_account['id']}")
        assert made.number.waba.subscribed


async def test_a_token_that_has_ended_keeps_nobody_from_leaving(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        connected = (await customer.post("/v1/accounts", json=page(made))).json()
        made.meta.token(made.page.id).ended = 460
        assert (await customer.delete(f"/v1/accounts/{connected['id']}")).status_code == 204


@pytest.mark.parametrize(("history", "former"), [({}, 0), ({"history": "move"}, 0), ({"history": "stay"}, 1)])
async def test_its_events_go_with_an_account_unless_they_are_to_stay(
    services: Services, history: dict[str, str], former: int
) -> None:
    async with client(services, ADMIN_KEY) as operator:
        made = (await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001"})).json()
        await services.store.accept([arrival(1, "1001")])
        body = {"customer_id": OTHER} | history
        assert (await operator.post(f"/v1/accounts/{made['id']}/move", json=body)).status_code == 200
    while await services.store.ownership.follow(100):
        pass
    for customer_id, count in (("default", former), (OTHER, 1 - former)):
        async with client(services, key_text(customer_id)) as customer:
            listed = (await customer.get("/v1/events?event=message.received")).json()["data"]
            assert len(listed) == count


async def test_a_running_gateway_carries_the_history_over(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        other = (await http.post("/v1/customers", json={"name": "Other"})).json()["id"]
        made = (await http.post("/v1/accounts", json={"platform": "facebook", "page_id": "1001"})).json()
        body = messenger_text("m_1")
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await http.post(f"/v1/accounts/{made['id']}/move", json={"customer_id": other})
        query = f"/v1/events?event=message.received&customer_id={other}"
        async with asyncio.timeout(SOON):
            while not (await http.get(query)).json()["data"]:
                pass


async def test_an_account_goes_to_another_customer_and_keeps_its_id(services: Services) -> None:
    async with client(services, ADMIN_KEY) as operator, client(services, key_text(OTHER)) as other:
        body = {"platform": "facebook", "page_id": "1001", "access_token": "EAAB-one"}
        made = (await operator.post("/v1/accounts", json=body)).json()
        path = f"/v1/accounts/{made['id']}"
        assert (await other.get(path)).status_code == 404
        moved = await operator.post(f"{path}/move", json={"customer_id": OTHER})
        assert moved.json() == made | {"customer_id": OTHER}
        assert (await other.get(path)).json() == moved.json()
        nobody = await operator.post(f"{path}/move", json={"customer_id": "cus_nobody"})
        assert nobody.json()["errors"][0]["field"] == "customer_id"
