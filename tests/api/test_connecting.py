"""A customer connects what Meta says is theirs, over real HTTP."""

import pytest

from gateway.services import Services
from gateway.simulator import Fault
from gateway.simulator.clock import DAY
from tests.api.conftest import OTHER, client, key_text
from tests.api.graphs import account, facing, page

pytestmark = pytest.mark.anyio
ACCOUNTS = "/v1/accounts"


async def test_a_token_that_speaks_for_the_account_connects_it(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        linked = made.meta.add_instagram_account(page=made.page.id)
        for body in (
            page(made),
            account(made, "instagram", made.account.id, access_token=made.meta.token(made.account.id).value),
            account(made, "instagram", linked.id),
            account(made, "whatsapp", made.number.id),
            account(made, "whatsapp", made.number.id, waba_id=made.number.waba.id),
        ):
            answer = await customer.post(ACCOUNTS, json=body)
            assert answer.status_code in (200, 201), answer.text
            assert answer.json()["customer_id"] == "default"


async def test_a_token_of_another_page_is_told_from_one_of_a_person(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        other = made.meta.add_page()
        for token in (made.meta.token(other.id), made.meta.add_login(), made.meta.token(made.number.id)):
            refused = await customer.post(ACCOUNTS, json=page(made, access_token=token.value))
            assert (refused.status_code, refused.json()["code"]) == (422, "token_mismatch")
            assert token.value not in refused.text
        assert services.directory.account("facebook", made.page.id) is None


async def test_a_waba_is_taken_from_nobody_who_does_not_own_it(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        foreign = made.meta.add_number()
        body = account(made, "whatsapp", made.number.id, waba_id=foreign.waba.id)
        assert (await customer.post(ACCOUNTS, json=body)).json()["code"] == "token_mismatch"
        assert (await customer.post(ACCOUNTS, json=body | {"waba_id": None})).status_code == 201
        later = {"platform": "whatsapp", "page_id": made.number.id, "waba_id": foreign.waba.id}
        assert (await customer.post(ACCOUNTS, json=later)).json()["code"] == "token_mismatch"


async def test_an_expired_token_and_one_that_lacks_permissions_are_named(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        token = made.meta.token(made.page.id)
        token.permissions -= {"pages_messaging"}
        lacking = (await customer.post(ACCOUNTS, json=page(made))).json()
        assert lacking["code"] == "token_scopes_missing"
        assert "pages_messaging" in lacking["detail"]
        token.expires_ms = made.meta.clock.now_ms() - DAY
        assert (await customer.post(ACCOUNTS, json=page(made))).json()["code"] == "token_expired"


async def test_a_token_of_a_strangers_app_is_refused(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        made.meta.token(made.page.id).app = made.meta.add_app().id
        assert (await customer.post(ACCOUNTS, json=page(made))).json()["code"] == "token_of_another_app"


@pytest.mark.parametrize(
    "fault", [Fault(kind="error", code=4, edge="*"), Fault(kind="status", status=503, edge="*")]
)
async def test_a_meta_that_does_not_answer_is_asked_again_later(services: Services, fault: Fault) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        made.meta.faults.add(fault)
        later = await customer.post(ACCOUNTS, json=page(made))
        assert (later.status_code, later.json()["code"]) == (503, "graph_unreachable")
        assert int(later.headers["retry-after"]) > 0
        assert (await customer.post(ACCOUNTS, json=page(made))).status_code == 201


async def test_only_who_proves_the_page_learns_that_another_has_it(services: Services) -> None:
    async with facing(services) as (made, facing_meta), client(facing_meta, key_text("default")) as customer:
        await customer.post(ACCOUNTS, json=page(made))
        async with client(facing_meta, key_text(OTHER)) as other:
            guess = page(made, access_token="EAAB-guessed")
            assert (await other.post(ACCOUNTS, json=guess)).json()["code"] == "token_expired"
            assert (await other.post(ACCOUNTS, json=page(made))).json()["code"] == "page_owned"
            without = {name: value for name, value in page(made).items() if name != "access_token"}
            assert (await other.post(ACCOUNTS, json=without)).json()["errors"][0]["field"] == "access_token"
