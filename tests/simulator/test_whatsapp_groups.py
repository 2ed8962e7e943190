"""Messages to WhatsApp groups."""

from typing import Any

import pytest

from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio


def values(made: Town) -> list[dict[str, Any]]:
    """What the webhooks said."""
    return [post.envelope["entry"][0]["changes"][0]["value"] for post in made.callback.posts]


async def test_everybody_in_the_group_gets_it_and_is_told_of_together() -> None:
    async with town() as made:
        ben = made.meta.add_person("ben")
        ben.reads = False
        group = made.meta.add_group(made.number.id, ["anna", "ben"])
        answer = await made.whatsapp(to=group.id, recipient_type="group", biz_opaque_callback_data="tag")
        await made.meta.settled()
        body = answer.json()
        assert body["contacts"] == [{"input": group.id, "wa_id": group.id}]
        for key in ("anna", "ben"):
            assert [one.id for one in made.meta.received_by(key)] == [body["messages"][0]["id"]]
        told = [value["statuses"] for value in values(made)]
        assert [(one[0]["status"], len(one)) for one in told] == [("sent", 2), ("delivered", 2), ("read", 1)]
        first = told[0][1]
        assert (first["recipient_id"], first["recipient_type"]) == (group.id, "group")
        assert (first["recipient_participant_id"], first["biz_opaque_callback_data"]) == (ben.phone, "tag")


async def test_a_group_takes_no_buttons_and_must_be_the_numbers_own() -> None:
    async with town() as made:
        group = made.meta.add_group(made.number.id, ["anna"])
        to_group = {"to": group.id, "recipient_type": "group"}
        location = {"type": "location", "location": {"latitude": 1, "longitude": 2}}
        assert error(await made.whatsapp(**to_group, **location)) == (131051, 0)
        assert error(await made.whatsapp(to="Y2FwaV", recipient_type="group")) == (131009, 0)
        assert error(await made.whatsapp(recipient_type="everybody")) == (131009, 0)
        group.suspended = True
        assert error(await made.whatsapp(**to_group)) == (131009, 0)
