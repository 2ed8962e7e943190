"""Who somebody is: profiles, matched ids, old conversations, and who holds a thread."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio


async def test_a_profile_is_empty_until_somebody_has_written() -> None:
    async with town(subscribed=False) as made:
        fields = {"fields": "first_name,last_name,profile_pic,locale"}
        assert (await made.get(made.page.id, made.psid(), **fields)).json() == {}
        await made.acts.sends("anna", made.page.id, "hello")
        profile = (await made.get(made.page.id, made.psid(), **fields)).json()
        assert (profile["first_name"], profile["last_name"], profile["id"]) == ("Anna", "Größe", made.psid())
        picture = await made.http.get(profile["profile_pic"])
        assert picture.headers["content-type"] == "image/png"
        made.meta.advance(4 * 86_400)
        assert (await made.http.get(profile["profile_pic"])).status_code == 403
        made.acts.blocks("anna", made.page.id)
        assert (await made.get(made.page.id, made.psid())).json() == {}


async def test_a_profile_is_refused_for_strangers_fields_and_permissions() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        assert error(await made.get(made.page.id, "404")) == (100, 33)
        assert error(await made.get(made.page.id, made.psid(), fields="shoe_size")) == (100, 0)
        made.meta.token(made.page.id).permissions -= {"pages_user_locale"}
        assert error(await made.get(made.page.id, made.psid(), fields="locale")) == (100, 2018247)
        assert error(await made.get(made.account.id, made.igsid())) == (230, 0)


async def test_the_profile_remembers_the_last_ad() -> None:
    async with town(subscribed=False) as made:
        await made.acts.does("anna", made.page.id, "from_ad", ad_id="77")
        profile = (await made.get(made.page.id, made.psid(), fields="last_ad_referral")).json()
        assert profile["last_ad_referral"] == {"source": "ADS", "type": "OPEN_THREAD", "ad_id": "77"}


def proven(made: Town, token: str) -> dict[str, str]:
    proof = hmac.digest(made.meta.app.secret.encode(), token.encode(), hashlib.sha256).hex()
    return {"access_token": token, "appsecret_proof": proof}


async def test_ids_are_matched_both_ways_over_empty_pages_and_with_a_proof_only() -> None:
    async with town(subscribed=False) as made:
        made.meta.manner.empty_pages = 1
        asid, page = made.anna.asids[made.meta.app.id], made.meta.token(made.page.id).value
        for path, token, expected in (
            (f"/{made.psid()}/ids_for_apps", page, asid),
            (f"/{asid}/ids_for_pages", made.meta.app.token, made.psid()),
        ):
            assert error(await made.http.get(path, params={"access_token": token})) == (100, 0)
            empty = (await made.http.get(path, params=proven(made, token))).json()
            assert empty["data"] == []
            after = empty["paging"]["cursors"]["after"]
            full = (await made.http.get(path, params=proven(made, token) | {"after": after})).json()
            assert [one["id"] for one in full["data"]] == [expected]
            wrong = {"access_token": token, "appsecret_proof": proven(made, asid)["appsecret_proof"]}
            assert error(await made.http.get(path, params=wrong)) == (100, 0)


async def test_old_conversations_can_be_read_but_only_twenty_messages_closely() -> None:
    async with town(subscribed=False) as made:
        for number in range(22):
            await made.acts.sends("anna", made.page.id, f"message {number}")
        found = await made.get(
            made.page.id, f"{made.page.id}/conversations", user_id=made.psid(), platform="messenger"
        )
        thread = found.json()["data"][0]["id"]
        shown = (await made.get(made.page.id, thread, fields="messages{id,message,from}")).json()["messages"][
            "data"
        ]
        assert (shown[0]["message"], shown[0]["from"]["id"]) == ("message 21", made.psid())
        assert "message" not in shown[20]
        newest = await made.get(made.page.id, shown[0]["id"], fields="id,created_time,from,to,message")
        assert newest.json()["to"]["data"][0]["id"] == made.page.id
        assert error(await made.get(made.page.id, shown[20]["id"])) == (9000001, 0)


def last(made: Town) -> dict[str, Any]:
    entry: dict[str, Any] = made.callback.posts[-1].envelope["entry"][0]
    return entry


async def test_only_the_app_that_holds_the_thread_answers() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.page.id, "hello")
        recipient = {"recipient": {"id": made.psid()}}
        inbox = {"target_app_id": made.page.inbox_app}
        assert (await made.post(made.page.id, recipient | inbox, "pass_thread_control")).json() == {
            "success": True
        }
        assert error(await made.write()) == (100, 2018300)
        await made.acts.does("anna", made.page.id, "postback", payload="SECRET")
        assert "payload" not in last(made)["standby"][0]["postback"]
        await made.post(made.page.id, recipient, "take_thread_control")
        assert (await made.write()).status_code == 200
        await made.post(made.page.id, recipient, "release_thread_control")
        await made.acts.sends("anna", made.page.id, "again")
        assert "messaging" in last(made)
