"""The Send API of Messenger and Instagram: what is accepted, what it causes, what is refused."""

from typing import Any

import pytest

from tests.simulator.towns import NOON, Town, error, town

pytestmark = pytest.mark.anyio


async def test_a_message_arrives_and_its_echo_carries_the_same_id_and_tag() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.page.id, "hello")
        answer = await made.write(message={"text": "Grüß dich @home", "metadata": "order-7"})
        await made.meta.settled()
        assert answer.json()["recipient_id"] == made.psid()
        (received,) = made.meta.received_by("anna", made.page.id)
        assert (received.id, received.text) == (answer.json()["message_id"], "Grüß dich @home")
        items = [post.envelope["entry"][0]["messaging"][0] for post in made.callback.posts[1:]]
        echo, delivery, read = items
        assert echo["sender"]["id"] == made.page.id
        assert echo["message"]["mid"] == received.id == delivery["delivery"]["mids"][0]
        assert echo["message"]["metadata"] == "order-7"
        assert echo["message"]["app_id"] == int(made.meta.app.id)
        assert read["read"]["watermark"] == NOON
        assert b"Gr\\u00fc\\u00df dich \\u0040home" in made.callback.posts[1].body


async def test_the_echo_may_overtake_the_answer() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.page.id, "hello")
        made.meta.manner.aftermath = "before"
        await made.write()
        assert len(made.callback.posts) == 4


async def test_instagram_is_written_to_with_both_logins() -> None:
    async with town() as made:
        linked = made.meta.add_instagram_account(page=made.page.id)
        await made.acts.sends("anna", linked.id, "hello")
        await made.acts.sends("anna", made.account.id, "hello")
        recipient = {"id": made.meta.people.id_on(made.anna, linked)}
        through_page = await made.post(made.page.id, {"recipient": recipient, "message": {"text": "hi"}})
        direct = await made.http.post(
            "/me/messages",
            json={"recipient": {"id": made.igsid()}, "message": {"text": "hi"}},
            headers=made.token(made.account.id) | {"host": "graph.instagram.com"},
        )
        assert through_page.status_code == direct.status_code == 200
        assert [len(made.meta.received_by("anna", one.id)) for one in (linked, made.account)] == [1, 1]


REFUSED: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "nobody": ({"recipient": {"id": "404"}}, (100, 2018001)),
    "no recipient": ({"recipient": None}, (100, 0)),
    "both": ({"sender_action": "typing_on"}, (100, 2018014)),
    "nothing": ({"message": {}}, (100, 0)),
    "long text": ({"message": {"text": "x" * 2001}}, (100, 0)),
    "long metadata": ({"message": {"text": "x", "metadata": "x" * 1001}}, (100, 0)),
    "sunset tag": ({"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, 0)),
    "tag missing": ({"messaging_type": "MESSAGE_TAG"}, (100, 0)),
    "a tag of nobody's": ({"messaging_type": "MESSAGE_TAG", "tag": "human_agent"}, (100, 0)),
    "no text": ({"message": {"text": None}}, (100, 0)),
    "an empty text": ({"message": {"text": ""}}, (100, 0)),
    "a list as text": ({"message": {"text": ["hi"]}}, (100, 0)),
    "text and file": (
        {
            "message": {
                "text": "hi",
                "attachment": {"type": "image", "payload": {"url": "https://example.com/a.jpg"}},
            }
        },
        (100, 0),
    ),
    "two recipients": ({"recipient": {"id": "404", "comment_id": "1_2"}}, (100, 0)),
    "an answer to nothing": ({"reply_to": {"mid": "m_nothing"}}, (100, 0)),
    "an answer to a text": ({"reply_to": "m_nothing"}, (100, 0)),
    "no such file": (
        {"message": {"attachment": {"type": "image", "payload": {"attachment_id": "1"}}}},
        (100, 2018074),
    ),
    "no such type": ({"message": {"attachment": {"type": "hologram", "payload": {}}}}, (100, 0)),
    "too many quick replies": (
        {
            "message": {
                "text": "?",
                "quick_replies": [{"content_type": "text", "title": "a", "payload": "b"}] * 14,
            }
        },
        (100, 0),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_send_is_refused_as_the_catalogue_says(name: str) -> None:
    body, expected = REFUSED[name]
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        refused = await made.write(**body)
        assert refused.status_code == 400
        assert error(refused) == expected
        assert made.meta.received_by("anna") == []


async def test_the_window_closes_after_a_day_and_for_humans_after_a_week() -> None:
    async with town(subscribed=False) as made:
        assert error(await made.write()) == (10, 2018278)
        await made.acts.sends("anna", made.page.id, "hello")
        made.meta.advance(24 * 3600 - 1)
        assert (await made.write()).status_code == 200
        made.meta.advance(1)
        assert error(await made.write()) == (10, 2018278)
        tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        assert (await made.write(**tagged)).status_code == 200
        made.meta.advance(6 * 24 * 3600)
        assert error(await made.write(**tagged)) == (10, 2018278)


async def test_a_utility_message_needs_a_template_to_go_out_late() -> None:
    utility = {"messaging_type": "UTILITY"}
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        made.meta.advance(25 * 3600)
        assert error(await made.write(**utility)) == (10, 2018278)
        template = {"template": {"name": "shipped", "language": {"code": "en"}}}
        assert (await made.write(message=template, **utility)).status_code == 200


async def test_an_upload_is_sent_by_its_own_page_only() -> None:
    picture = {"attachment": {"type": "image", "payload": {"url": "https://example.com/a.jpg"}}}
    async with town(subscribed=False) as made:
        kept = (await made.post(made.page.id, {"message": picture}, "message_attachments")).json()
        message = {"attachment": {"type": "image", "payload": kept}}
        await made.acts.sends("anna", made.page.id, "hello")
        await made.acts.sends("anna", made.account.id, "hello")
        assert (await made.write(message=message)).status_code == 200
        stranger = {"recipient": {"id": made.igsid()}, "message": message}
        assert error(await made.post(made.account.id, stranger)) == (100, 2018074)


async def test_instagram_has_codes_of_its_own() -> None:
    async with town(subscribed=False) as made:
        body = {"recipient": {"id": made.igsid()}, "message": {"text": "hi"}}
        assert error(await made.post(made.account.id, body)) == (10, 2534022)
        await made.acts.sends("anna", made.account.id, "hello")
        assert error(await made.post(made.account.id, body | {"message": {"text": "ü" * 501}})) == (
            100,
            2534015,
        )
        assert error(await made.post(made.account.id, body | {"recipient": {"id": "1"}})) == (100, 2534014)


async def test_who_has_blocked_the_page_gets_nothing_and_comes_back_under_a_new_id() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        former = made.psid()
        made.acts.blocks("anna", made.page.id)
        assert error(await made.write()) == (551, 1545041)
        made.acts.unblocks("anna", made.page.id)
        assert made.psid() != former
        assert error(await made.write(recipient={"id": former})) == (100, 2018001)


async def test_a_comment_is_answered_once_in_private_and_within_a_week() -> None:
    async with town(subscribed=False) as made:
        for comment in ("5_1", "5_2"):
            await made.acts.does("anna", made.page.id, "comment", comment_id=comment)
        first = await made.write(recipient={"comment_id": "5_1"})
        assert first.json()["recipient_id"] == made.psid()
        assert error(await made.write(recipient={"comment_id": "5_1"})) == (10900, 0)
        made.meta.advance(7 * 24 * 3600)
        assert error(await made.write(recipient={"comment_id": "5_2"})) == (10903, 0)
        assert error(await made.write(recipient={"comment_id": "9_9"})) == (100, 2534025)


async def test_a_plugin_reference_is_answered_without_naming_anybody() -> None:
    async with town() as made:
        await made.acts.does("anna", made.page.id, "checkbox_optin", user_ref="cart-1")
        answer = await made.write(recipient={"user_ref": "cart-1"})
        await made.meta.settled()
        assert set(answer.json()) == {"message_id"}
        assert len(made.callback.posts) == 1


async def test_marketing_ends_when_the_person_stops_it() -> None:
    async with town(subscribed=False) as made:
        await made.acts.does("anna", made.page.id, "optin", token="t1")
        body: dict[str, Any] = {"recipient": {"notification_messages_token": "t1"}}
        assert (await made.write(**body)).status_code == 200
        await made.acts.does("anna", made.page.id, "stop", token="t1")
        assert error(await made.write(**body)) == (10, 1893015)


async def test_actions_show_on_the_screen_and_are_no_messages() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        thread = made.meta.threads.of(made.page, made.anna)
        recipient = {"recipient": {"id": made.psid()}}
        answer = await made.post(made.page.id, recipient | {"sender_action": "typing_on"})
        assert answer.json() == {"recipient_id": made.psid()}
        assert thread.typing
        payload = {"message_id": thread.messages[0].id, "reaction": "love"}
        await made.post(made.page.id, recipient | {"sender_action": "react", "payload": payload})
        assert thread.messages[0].reactions == {made.page.id: "love"}


async def test_a_tap_reports_what_the_button_was_sent_with() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.page.id, "hello")
        buttons = [{"type": "postback", "title": "Buy", "payload": "BUY_7"}]
        payload = {"template_type": "button", "text": "?", "buttons": buttons}
        await made.write(message={"attachment": {"type": "template", "payload": payload}})
        await made.write(
            message={"text": "?", "quick_replies": [{"content_type": "text", "title": "Red", "payload": "R"}]}
        )
        await made.meta.settled()
        for title in ("Buy", "Red"):
            await made.acts.taps("anna", made.page.id, title)
        items = [post.envelope["entry"][0]["messaging"][0] for post in made.callback.posts[-2:]]
        assert items[0]["postback"]["payload"] == "BUY_7"
        assert items[1]["message"]["quick_reply"] == {"payload": "R"}


@pytest.mark.parametrize(
    "message",
    ["text", 7, [], {"text": "x", "quick_replies": 3}, {"attachment": "image"}, {"attachments": [1]},
     {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [1]}}}],
)  # fmt: skip
async def test_a_malformed_message_is_an_invalid_parameter(message: Any) -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        assert error(await made.write(message=message))[0] == 100


async def test_a_file_is_uploaded_once_and_sent_by_its_id() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        attachment = {"type": "image", "payload": {"url": "https://example.com/a.png", "is_reusable": True}}
        body: dict[str, Any] = {"message": {"attachment": attachment}}
        uploaded = (await made.post(made.page.id, body, "message_attachments")).json()
        sent = await made.write(message={"attachment": {"type": "image", "payload": uploaded}})
        assert sent.status_code == 200
        again = await made.write(**body)
        assert "attachment_id" in again.json()


async def burst(made: Town, size: int) -> list[int]:
    return [(await made.write()).status_code for _ in range(size)]


async def test_limits_are_told_before_they_are_reached() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.page.id, "hello")
        made.meta.limits.quota.page_messages_a_second = 2
        assert await burst(made, 3) == [200, 200, 400]
        assert error(await made.write()) == (613, 0)
        made.meta.advance(1)
        made.meta.limits.quota.app_calls_a_day = 10
        answer = await made.write()
        assert '"call_count": 50' in answer.headers["x-app-usage"]
        assert made.page.id in answer.headers["x-business-use-case-usage"]
        made.meta.limits.quota.page_calls_a_day = 5
        assert error(await made.write()) == (32, 0)
        made.meta.limits.quota.app_calls_a_day = 5
        assert error(await made.write()) == (4, 0)
