"""What a number may do about people: block them, know their device, call them."""

from typing import Any

import httpx
import pytest

from tests.simulator.test_whatsapp_groups import values
from tests.simulator.towns import Town, error, town

pytestmark = pytest.mark.anyio
OFFER = {"sdp_type": "offer", "sdp": "v=0"}


async def block(made: Town, *users: dict[str, str], method: str = "POST") -> httpx.Response:
    body: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": list(users)}
    path = f"/{made.number.id}/block_users"
    return await made.http.request(method, path, json=body, headers=made.token(made.number.id))


async def test_who_is_blocked_is_neither_heard_nor_written_to() -> None:
    async with town() as made:
        await made.acts.sends("anna", made.number.id, "hello")
        blocked = (await block(made, {"user": f"+{made.anna.phone}"})).json()["block_users"]
        assert [one["wa_id"] for one in blocked["added_users"]] == [made.anna.phone]
        assert await made.acts.sends("anna", made.number.id, "do you hear me?") == []
        assert error(await made.whatsapp()) == (130403, 0)
        listed = (await made.get(made.number.id, f"{made.number.id}/block_users")).json()["data"]
        assert [one["wa_id"] for one in listed] == [made.anna.phone]
        bsuid = made.meta.people.bsuid(made.anna, made.number)
        await block(made, {"user_id": bsuid}, method="DELETE")
        assert (await made.whatsapp()).status_code == 200


async def test_only_who_has_written_within_a_day_can_be_blocked() -> None:
    async with town() as made:
        ben = made.meta.add_person("ben")
        assert error(await block(made, {"user": ben.phone})) == (139100, 0)
        await made.acts.sends("anna", made.number.id, "hello")
        both = (await block(made, {"user": ben.phone}, {"user": made.anna.phone})).json()["block_users"]
        assert (both["failed_users"][0]["errors"][0]["code"], len(both["added_users"])) == (131047, 1)


async def test_a_message_for_another_device_is_refused() -> None:
    async with town() as made:
        made.number.checks_identity = True
        await made.acts.sends("anna", made.number.id, "hello")
        known = values(made)[-1]["contacts"][0]["identity_key_hash"]
        assert (await made.whatsapp(recipient_identity_key_hash=known)).status_code == 200
        await made.meta.settled()
        assert values(made)[-1]["statuses"][0]["recipient_identity_key_hash"] == known
        await made.acts.does("anna", made.number.id, "security_code")
        assert error(await made.whatsapp(recipient_identity_key_hash=known)) == (137000, 0)
        assert (await made.whatsapp(recipient_identity_key_hash=made.anna.identity)).status_code == 200


async def call(made: Town, **body: Any) -> httpx.Response:
    return await made.post(made.number.id, {"messaging_product": "whatsapp"} | body, "calls")


async def test_a_person_is_called_once_they_have_allowed_it() -> None:
    async with town() as made:
        ringing = {"to": made.anna.phone, "action": "connect", "session": OFFER}
        path = f"{made.number.id}/call_permissions"
        assert error(await call(made, **ringing)) == (138006, 0)
        await made.acts.does("anna", made.number.id, "call_permission")
        allowed = (await made.get(made.number.id, path, user_wa_id=made.anna.phone)).json()
        assert allowed["permission"]["status"] == "temporary"
        before = len(made.callback.posts)
        id = (await call(made, **ringing)).json()["calls"][0]["id"]
        await made.meta.settled()
        await call(made, action="terminate", call_id=id)
        await made.meta.settled()
        told = values(made)[before:]
        assert [one["statuses"][0]["status"] for one in told[:2]] == ["RINGING", "ACCEPTED"]
        calls = [one["calls"][0] for one in told[2:]]
        assert [(one["event"], one["direction"]) for one in calls] == [
            ("connect", "BUSINESS_INITIATED"),
            ("terminate", "BUSINESS_INITIATED"),
        ]
        assert {one["id"] for one in calls} == {id}
        assert error(await call(made, action="terminate", call_id=id)) == (131009, 0)


async def test_a_person_who_does_not_pick_up_and_a_permission_that_has_ended() -> None:
    async with town() as made:
        made.anna.picks_up = False
        await made.acts.does("anna", made.number.id, "call_permission")
        ringing = {"to": made.anna.phone, "action": "connect", "session": OFFER}
        await call(made, **ringing)
        await made.meta.settled()
        assert values(made)[-1]["statuses"][0]["status"] == "REJECTED"
        made.meta.advance(8 * 86_400)
        assert error(await call(made, **ringing)) == (138006, 0)
