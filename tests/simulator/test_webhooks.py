"""How webhooks are posted: subscribed to, signed, batched, repeated, in disorder, again and again."""

import hashlib
import hmac
from typing import Any

import pytest

from gateway.simulator import Refused
from tests.simulator.callbacks import VERIFY_TOKEN
from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio


def texts(made: Town) -> list[str]:
    """What was said, in the order in which it came."""
    return [
        item["message"]["text"]
        for post in made.callback.posts
        for entry in post.envelope["entry"]
        for item in entry["messaging"]
    ]


async def test_a_body_is_escaped_and_signed_as_it_is_on_the_wire() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.page.id, "ä/<%@💙")
        (post,) = made.callback.posts
        assert rb"\u00e4\/\u003C\u0025\u0040\ud83d\udc99" in post.body
        expected = hmac.new(made.meta.app.secret.encode(), post.body, hashlib.sha256).hexdigest()
        assert post.headers["x-hub-signature-256"] == f"sha256={expected}"


async def test_a_callback_that_does_not_know_the_verify_token_is_refused() -> None:
    async with town(subscribed=False) as made:
        with pytest.raises(Refused):
            await made.meta.subscribe("facebook", made.callback.url, "wrong")
        given = {"access_token": made.meta.app.token, "object": "page", "callback_url": made.callback.url}
        form = given | {"fields": "messages,message_echoes", "verify_token": "wrong"}
        edge = f"/{made.meta.app.id}/subscriptions"
        assert error(await made.http.post(edge, data=form)) == (2200, 0)
        assert (await made.http.post(edge, data=form | {"verify_token": VERIFY_TOKEN})).json() == {
            "success": True
        }
        shown = (await made.http.get(edge, params={"access_token": made.meta.app.token})).json()["data"]
        assert [field["name"] for field in shown[0]["fields"]] == ["message_echoes", "messages"]


async def test_nothing_is_posted_that_was_not_subscribed_to_on_every_layer() -> None:
    async with town() as made:
        edge = "subscribed_apps"
        assert error(await made.post(made.page.id, {"subscribed_fields": "comments"}, edge)) == (100, 0)
        await made.post(made.page.id, {"subscribed_fields": "messages"}, edge)
        assert await made.acts.does("anna", made.page.id, "postback") == []
        assert len(await made.acts.sends("anna", made.page.id, "hello")) == 1
        await made.http.delete(f"/{made.page.id}/{edge}", headers=made.token(made.page.id))
        assert await made.acts.sends("anna", made.page.id, "hello") == []


async def test_a_number_has_its_own_callback_for_messages_but_not_for_templates() -> None:
    async with town() as made:
        own = f"{made.callback.url}own"
        waba = made.number.waba.id
        override = {"override_callback_uri": own, "verify_token": VERIFY_TOKEN}
        await made.http.delete(f"/{waba}/subscribed_apps", headers=made.token(made.number.id))
        assert error(await made.post(made.number.id, override, "messages")) == (100, 0)
        refused = await made.http.post(
            f"/{waba}/subscribed_apps", json=override, headers=made.token(made.number.id)
        )
        assert error(refused) == (100, 0)
        for body in ({}, override):
            await made.http.post(f"/{waba}/subscribed_apps", json=body, headers=made.token(made.number.id))
        (message,) = await made.acts.sends("anna", made.number.id, "hello")
        (template,) = await made.acts.does("anna", made.number.id, "template_status")
        assert (message.url, template.url) == (own, made.callback.url)


async def test_a_batch_holds_several_pages_and_several_items_in_any_order() -> None:
    async with town() as made:
        other = made.meta.add_page()
        made.meta.manner.hold = made.meta.manner.shuffle = True
        for number in range(5):
            await made.acts.sends("anna", made.page.id, str(number))
        await made.acts.sends("anna", other.id, "5")
        assert made.callback.posts == []
        await made.meta.publisher.release(made.meta.chance)
        (post,) = made.callback.posts
        assert len(post.envelope["entry"]) == 2
        assert sorted(texts(made)) == list("012345") != texts(made)


async def test_whatsapp_puts_several_messages_into_one_value() -> None:
    async with town() as made:
        made.meta.manner.hold = True
        for number in range(3):
            await made.acts.sends("anna", made.number.id, str(number))
        await made.meta.publisher.release(made.meta.chance)
        (change,) = made.callback.posts[0].envelope["entry"][0]["changes"]
        assert [one["text"]["body"] for one in change["value"]["messages"]] == ["0", "1", "2"]
        assert len(change["value"]["contacts"]) == 1


async def test_what_is_not_answered_with_200_comes_again_with_the_same_bytes() -> None:
    async with town() as made:
        made.callback.answer = lambda _: 503
        (sent,) = await made.acts.sends("anna", made.page.id, "hello")
        await made.meta.settled()
        assert [attempt.status for attempt in sent.attempts] == [503] * 3
        made.callback.answer = lambda _: 200
        made.meta.advance(10)
        await made.meta.settled()
        assert [attempt.status for attempt in sent.attempts] == [503, 503, 503, 200]
        assert len({post.body for post in made.callback.posts}) == 1


async def test_retries_end_after_36_hours_and_can_be_compressed() -> None:
    async with town() as made:
        made.meta.manner.disable_after_an_hour = False
        made.meta.manner.retry_factor = 3600
        made.callback.answer = lambda _: 500
        (sent,) = await made.acts.sends("anna", made.page.id, "hello")
        for _ in range(60):
            await made.meta.settled()
            made.meta.advance(1)
        await made.meta.settled()
        count = len(sent.attempts)
        assert 10 < count < 20
        made.meta.advance(3600)
        await made.meta.settled()
        assert len(sent.attempts) == count


async def test_a_callback_that_fails_for_an_hour_loses_the_page() -> None:
    async with town() as made:
        made.callback.answer = lambda _: 500
        await made.acts.sends("anna", made.page.id, "hello")
        for _ in range(8):
            await made.meta.settled()
            made.meta.advance(1800)
        await made.meta.settled()
        assert made.meta.app.id not in made.page.subscribed
        assert await made.acts.sends("anna", made.page.id, "hello") == []


async def test_duplicates_come_as_often_as_one_likes() -> None:
    async with town() as made:
        made.meta.manner.copies = 3
        await made.acts.sends("anna", made.page.id, "hello")
        assert texts(made) == ["hello"] * 3


async def test_instagram_login_signs_with_its_own_secret_and_facebook_login_does_not() -> None:
    async with town() as made:
        linked = made.meta.add_instagram_account(page=made.page.id)
        for account, secret in (
            (made.account, made.meta.app.instagram_secret),
            (linked, made.meta.app.secret),
        ):
            await made.acts.sends("anna", account.id, "hello")
            post = made.callback.posts[-1]
            expected = hmac.new(secret.encode(), post.body, hashlib.sha256).hexdigest()
            assert post.headers["x-hub-signature-256"] == f"sha256={expected}"


async def test_a_new_phone_is_announced_with_the_old_names() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.number.id, "hello")
        phone, bsuid = made.anna.phone, made.meta.people.bsuid(made.anna, made.number)
        await made.acts.changes_number("anna", made.number.id, "436640000000")
        value: dict[str, Any] = made.callback.posts[-1].envelope["entry"][0]["changes"][0]["value"]
        system = value["messages"][0]["system"]
        assert (value["messages"][0]["from"], system["wa_id"]) == (phone, "436640000000")
        assert (system["previous_user_id"], system["user_id"]) == (
            bsuid,
            made.anna.bsuids[made.number.business],
        )
        assert (await made.whatsapp()).status_code == 200
