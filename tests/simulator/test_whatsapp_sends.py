"""`POST /{phone_number_id}/messages`: what is accepted, what it causes, what is refused."""

from typing import Any

import pytest

from gateway.simulator import Template
from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio


def statuses(made: Town) -> list[dict[str, Any]]:
    """All statuses that were posted."""
    values = [
        change["value"]
        for post in made.callback.posts
        for entry in post.envelope["entry"]
        for change in entry["changes"]
    ]
    return [status for value in values for status in value.get("statuses", [])]


async def test_a_message_arrives_and_its_statuses_carry_its_tag() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.number.id, "hello")
        answer = await made.whatsapp(to=f"+{made.anna.phone}", biz_opaque_callback_data="order-7")
        await made.meta.settled()
        body = answer.json()
        assert body["contacts"] == [{"input": f"+{made.anna.phone}", "wa_id": made.anna.phone}]
        (received,) = made.meta.received_by("anna")
        assert received.id == body["messages"][0]["id"]
        told = statuses(made)
        assert [status["status"] for status in told] == ["sent", "delivered", "read"]
        assert {(status["id"], status["biz_opaque_callback_data"]) for status in told} == {
            (received.id, "order-7")
        }


async def test_statuses_may_overtake_the_answer() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.number.id, "hello")
        made.meta.manner.aftermath = "before"
        await made.whatsapp()
        assert len(statuses(made)) == 3


async def test_somebody_without_a_phone_is_written_to_by_bsuid() -> None:
    async with town() as made:
        bea = made.meta.add_person("bea", hides_phone=True)
        await made.acts.sends("bea", made.number.id, "hello")
        message = made.callback.posts[0].envelope["entry"][0]["changes"][0]["value"]["messages"][0]
        assert "from" not in message
        bsuid = message["from_user_id"]
        answer = await made.whatsapp(to=None, recipient=bsuid)
        await made.meta.settled()
        assert answer.json()["contacts"] == [{"input": bsuid, "user_id": bsuid}]
        assert len(made.meta.received_by("bea")) == 1
        assert "recipient_id" not in statuses(made)[0]
        assert bea.bsuids[made.number.business] == bsuid


async def test_a_bsuid_in_the_wrong_place_is_accepted_and_goes_nowhere() -> None:
    async with town() as made:
        made.meta.add_person("bea", hides_phone=True)
        await made.acts.sends("bea", made.number.id, "hello")
        bsuid = made.meta.people.bsuid(made.meta.person("bea"), made.number)
        answer = await made.whatsapp(to=bsuid)
        await made.meta.settled()
        assert answer.status_code == 200
        assert made.meta.received_by("bea") == []
        assert statuses(made) == []


async def test_a_phone_that_is_not_on_whatsapp_fails_later() -> None:
    async with town() as made:
        assert (await made.whatsapp(to="+1 555 0100")).status_code == 200
        await made.meta.settled()
        (failed,) = statuses(made)
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131026)


@pytest.mark.parametrize(
    ("where", "status", "told"), [("response", 400, 0), ("webhook", 200, 1), ("both", 400, 1)]
)
async def test_outside_of_the_window_only_templates_go(where: Any, status: int, told: int) -> None:
    async with town() as made:
        made.meta.manner.recipient_errors = where
        made.meta.add_template(made.number.id, Template(name="ready", language="en_US", parameters=1))
        answer = await made.whatsapp()
        await made.meta.settled()
        assert answer.status_code == status
        assert [one["errors"][0]["code"] for one in statuses(made)] == [131047] * told
        values = [{"type": "body", "parameters": [{"type": "text", "text": "7"}]}]
        template = {"name": "ready", "language": {"code": "en_US"}, "components": values}
        accepted = await made.whatsapp(type="template", template=template)
        assert accepted.json()["messages"][0]["message_status"] == "accepted"


async def test_templates_are_refused_for_their_name_their_values_and_their_state() -> None:
    async with town(subscribed=False) as made:
        ready = Template(name="ready", language="en_US", parameters=1)
        made.meta.add_template(made.number.id, ready)
        unknown = await made.whatsapp(type="template", template={"name": "no", "language": {"code": "en_US"}})
        assert (unknown.status_code, error(unknown)) == (404, (132001, 0))
        bare = {"name": "ready", "language": {"code": "en_US"}}
        assert error(await made.whatsapp(type="template", template=bare)) == (132000, 0)
        ready.status = "PAUSED"
        assert error(await made.whatsapp(type="template", template=bare)) == (132015, 0)


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "product": ({"messaging_product": "telegram"}, 100),
    "nobody": ({"to": ""}, 131008),
    "oneself": ({"to": "4366000000"}, 131021),
    "type": ({"type": "hologram"}, 131051),
    "no body": ({"type": "image"}, 131008),
    "no link": ({"type": "image", "image": {}}, 131008),
    "long text": ({"text": {"body": "x" * 4097}}, 131009),
    "no such medium": ({"type": "image", "image": {"id": "1"}}, 131009),
    "reaction to nothing": (
        {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "x"}},
        131009,
    ),
    "no such read": ({"status": "read", "message_id": "wamid.x"}, 131009),
    "no bsuid": ({"to": "", "recipient": "anna"}, 131009),
    "four buttons": (
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "body": {"text": "?"},
                "action": {
                    "buttons": [{"type": "reply", "reply": {"id": str(n), "title": "a"}} for n in range(4)]
                },
            },
        },
        131009,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_send_is_refused_as_the_catalogue_says(name: str) -> None:
    body, code = REFUSED[name]
    async with town(subscribed=False) as made:
        made.number.display = "4366000000"
        await made.acts.sends("anna", made.number.id, "hello")
        refused = await made.whatsapp(**body)
        assert error(refused) == (code, 0)
        assert refused.json()["error"]["error_data"]["messaging_product"] == "whatsapp"
        assert made.meta.received_by("anna") == []


async def test_a_burst_to_one_person_is_lent_and_has_to_be_paid_back() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.number.id, "hello")
        made.meta.limits.quota.pair_burst = 3
        assert [(await made.whatsapp()).status_code for _ in range(4)] == [200, 200, 200, 400]
        made.meta.advance(17)
        assert error(await made.whatsapp()) == (131056, 0)
        made.meta.advance(1)
        assert (await made.whatsapp()).status_code == 200
        made.meta.limits.quota.number_messages_a_second = 1
        assert error(await made.whatsapp()) == (130429, 0)


async def test_a_read_receipt_marks_the_thread_and_shows_typing() -> None:
    async with town(subscribed=False) as made:
        await made.acts.sends("anna", made.number.id, "hello")
        thread = made.meta.threads.of(made.number, made.anna)
        seen = {"status": "read", "message_id": thread.messages[0].id, "typing_indicator": {"type": "text"}}
        answer = await made.whatsapp(**seen)
        assert answer.json() == {"success": True}
        assert (thread.read_ms, thread.typing) == (thread.messages[0].at_ms, True)


async def test_taps_report_the_ids_of_buttons_rows_and_template_replies() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.number.id, "hello")
        reply = {"type": "button", "body": {"text": "?"}}
        await made.whatsapp(
            type="interactive",
            interactive=reply
            | {"action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]}},
        )
        ready = Template(name="ready", language="en_US", buttons=("Stop",))
        made.meta.add_template(made.number.id, ready)
        await made.whatsapp(type="template", template={"name": "ready", "language": {"code": "en_US"}})
        await made.meta.settled()
        for title in ("Yes", "Stop"):
            await made.acts.taps("anna", made.number.id, title)
        yes, stop = (
            post.envelope["entry"][0]["changes"][0]["value"]["messages"][0]
            for post in made.callback.posts[-2:]
        )
        assert yes["interactive"]["button_reply"] == {"id": "y", "title": "Yes"}
        assert stop["button"] == {"payload": "Stop", "text": "Stop"}


async def test_a_file_is_fetched_in_two_steps_with_the_token_and_within_five_minutes() -> None:
    async with town(subscribed=False) as made:
        token = made.token(made.number.id)
        form = {"messaging_product": "whatsapp", "type": "image/png"}
        uploaded = await made.http.post(
            f"/{made.number.id}/media",
            data=form,
            files={"file": ("a.png", b"\r\n--bytes\r\n", "image/png")},
            headers=token,
        )
        medium = uploaded.json()["id"]
        url = (await made.get(made.number.id, medium)).json()["url"]
        assert (await made.http.get(url)).status_code == 401
        assert (await made.http.get(url, headers=token)).content == b"\r\n--bytes\r\n"
        made.meta.advance(300)
        assert (await made.http.get(url, headers=token)).status_code == 404
        fresh = (await made.get(made.number.id, medium)).json()["url"]
        assert (await made.http.get(fresh, headers=token)).status_code == 200
        made.meta.advance(30 * 86_400)
        assert error(await made.get(made.number.id, medium)) == (100, 33)
