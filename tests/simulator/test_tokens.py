"""Who may call what: tokens, permissions, proofs, hosts; and tokens looked at, refreshed, exchanged."""

import hashlib
import hmac

import pytest

from gateway.simulator.clock import DAY
from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio


def proof(made: Town, token: str) -> str:
    return hmac.digest(made.meta.app.secret.encode(), token.encode(), hashlib.sha256).hex()


async def test_a_token_speaks_for_its_own_page_only() -> None:
    async with town(subscribed=False) as made:
        other, number = made.meta.add_page(), made.meta.add_number()
        body = {"recipient": {"id": made.psid()}, "message": {"text": "hi"}}
        for id, token in ((other.id, made.page.id), (number.id, made.number.id), (made.page.id, other.id)):
            refused = await made.http.post(f"/{id}/messages", json=body, headers=made.token(token))
            assert error(refused) == (100, 33)
        assert error(await made.post(other.id, body)) == (100, 2018001)


@pytest.mark.parametrize("subcode", [458, 460, 463, 467])
async def test_a_token_that_has_ended_says_how(subcode: int) -> None:
    async with town(subscribed=False) as made:
        made.meta.token(made.page.id).ended = subcode
        refused = await made.write()
        assert (refused.status_code, error(refused)) == (400, (190, subcode))
        assert "invalid_token" in refused.headers["www-authenticate"]
        made.meta.token(made.number.id).ended = subcode
        assert (await made.whatsapp()).status_code == 401


async def test_a_call_without_a_token_or_with_a_made_up_one_is_refused() -> None:
    async with town(subscribed=False) as made:
        assert error(await made.http.get("/me")) == (104, 0)
        assert error(await made.http.get("/me", params={"access_token": "x"})) == (190, 0)
        page = made.token(made.page.id) | {"host": "graph.instagram.com"}
        assert error(await made.http.get("/me", headers=page)) == (190, 0)


async def test_a_permission_that_is_missing_is_named_by_its_code() -> None:
    async with town(subscribed=False) as made:
        for asset, permission in (
            (made.page.id, "pages_messaging"),
            (made.page.id, "instagram_manage_messages"),
            (made.number.id, "whatsapp_business_messaging"),
        ):
            made.meta.token(asset).permissions -= {permission}
        assert error(await made.write()) == (200, 2018028)
        refused = await made.whatsapp()
        assert (refused.status_code, error(refused)) == (403, (200, 0))


async def test_an_app_may_require_the_proof_of_its_secret() -> None:
    async with town(subscribed=False) as made:
        made.meta.app.requires_proof = True
        token = made.meta.token(made.page.id).value
        for given, status in (("", 400), ("00", 400), (proof(made, token), 200)):
            answer = await made.get(made.page.id, "me", **({"appsecret_proof": given} if given else {}))
            assert answer.status_code == status


async def test_instagram_tokens_run_out_and_are_refreshed() -> None:
    async with town(subscribed=False) as made:
        token = made.meta.token(made.account.id)
        token.expires_ms = made.meta.clock.now_ms() + DAY
        given = {"grant_type": "ig_refresh_token", "access_token": token.value}
        fresh = (await made.http.get("/refresh_access_token", params=given)).json()
        made.meta.advance(86_400)
        assert fresh["expires_in"] == 60 * 86_400
        assert error(await made.http.get("/refresh_access_token", params=given)) == (190, 463)
        me = await made.http.get(
            "/me", params={"fields": "user_id,username", "access_token": fresh["access_token"]}
        )
        assert me.json() == {"user_id": made.account.id, "username": "kettles", "id": made.account.login_id}


async def test_a_token_is_looked_at_with_the_apps_own() -> None:
    async with town(subscribed=False) as made:
        token = made.meta.token(made.page.id)
        given = {"access_token": made.meta.app.token, "input_token": token.value}
        facts = (await made.http.get("/debug_token", params=given)).json()["data"]
        assert (facts["is_valid"], facts["type"], facts["profile_id"]) == (True, "PAGE", made.page.id)
        assert "pages_messaging" in facts["scopes"]
        token.ended = 460
        ended = (await made.http.get("/debug_token", params=given)).json()["data"]
        assert (ended["is_valid"], ended["error"]["subcode"]) == (False, 460)
        whatsapp = made.meta.token(made.number.id).value
        granted = await made.http.get("/debug_token", params=given | {"input_token": whatsapp})
        assert granted.json()["data"]["granular_scopes"][0]["target_ids"] == [made.number.waba.id]


async def test_who_logs_in_sees_their_pages_with_tokens() -> None:
    async with town(subscribed=False) as made:
        user = made.meta.add_login()
        given = {"grant_type": "fb_exchange_token", "fb_exchange_token": user.value}
        longer = (await made.http.get("/oauth/access_token", params=given)).json()["access_token"]
        accounts = (await made.http.get("/me/accounts", params={"access_token": longer})).json()["data"]
        assert [(one["id"], one["access_token"]) for one in accounts] == [
            (made.page.id, made.meta.token(made.page.id).value)
        ]


async def test_a_business_shows_its_accounts_and_their_numbers() -> None:
    async with town(subscribed=False) as made:
        business = made.number.business
        owned = await made.get(made.number.id, f"{business}/owned_whatsapp_business_accounts")
        assert [waba["id"] for waba in owned.json()["data"]] == [made.number.waba.id]
        numbers = await made.get(made.number.id, f"{made.number.waba.id}/phone_numbers")
        assert [number["id"] for number in numbers.json()["data"]] == [made.number.id]
