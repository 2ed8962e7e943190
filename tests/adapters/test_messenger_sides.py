"""Who told whom, on which page, and in whose conversation."""

from typing import Any

import pytest

from adapters.base import Identity
from adapters.parts import Consent
from tests.adapters.envelopes import PAGE, PSID, TIME, change, envelope, event, inbound, one, outbound


def test_a_reaction_of_the_page_is_outbound() -> None:
    decoded = one(envelope(outbound(reaction={"mid": "m_1", "action": "react", "emoji": "x"})))
    assert (decoded.event.direction, decoded.event.from_kind) == ("outbound", "page")
    assert decoded.person and decoded.person.identities[0].value == PSID


def test_a_guest_is_named_by_the_user_ref() -> None:
    item = {
        "sender": {"user_ref": 5521},
        "recipient": {"id": PAGE},
        "timestamp": TIME,
        "postback": {"mid": "m"},
    }
    decoded = one(envelope(item))
    assert (decoded.event.from_, decoded.event.from_kind) == ("5521", "user_ref")
    assert decoded.person and decoded.person.identities == (Identity("user_ref", "5521", PAGE),)


def test_the_checkbox_plugin_has_no_sender() -> None:
    item = {"recipient": {"id": PAGE}, "timestamp": TIME, "optin": {"ref": "cart", "user_ref": "u-1"}}
    decoded = one(envelope(item))
    assert (decoded.event.from_, decoded.event.from_kind, decoded.event.to) == ("u-1", "user_ref", PAGE)
    assert decoded.event.consent == Consent(state="opted_in", source="checkbox_plugin", ref="cart")
    assert decoded.person and decoded.person.identities == (Identity("user_ref", "u-1", PAGE),)


def test_both_names_of_one_sender_are_one_person() -> None:
    decoded = one(envelope(inbound(optin={"ref": "cart", "user_ref": "u-1"})))
    assert decoded.event.from_ == PSID and decoded.person
    assert [identity.kind for identity in decoded.person.identities] == ["psid", "user_ref"]


@pytest.mark.parametrize("item", [inbound(pass_thread_control={}), outbound(pass_thread_control={})])
def test_a_handover_is_in_the_persons_conversation_whoever_is_the_sender(item: Any) -> None:
    decoded = one(envelope(item))
    assert decoded.person and decoded.person.identities == (Identity("psid", PSID, PAGE),)


def test_roles_and_policies_have_no_person() -> None:
    for key in ("app_roles", "policy_enforcement"):
        decoded = one(envelope({"recipient": {"id": PAGE}, "timestamp": TIME, key: {"a": ["b"]}}))
        assert (decoded.person, decoded.event.from_, decoded.event.to) == (None, None, PAGE)


def test_feedback_without_an_entry_id_finds_its_page() -> None:
    item = {
        "sender": {"id": PSID},
        "recipient": {"id": PAGE},
        "messaging_feedback": {"feedback_screens": [{"screen_id": 0}]},
    }
    found = event({"object": "page", "entry": [{"time": TIME, "messaging": [item]}]})
    assert (found.page_id, found.timestamp_ms) == (PAGE, TIME)
    assert found.feedback and found.feedback.value == {"feedback_screens": [{"screen_id": "0"}]}


def test_a_dashboard_test_keeps_its_name_and_finds_its_page() -> None:
    item = {
        "sender": {"id": "12334"},
        "recipient": {"id": "23245"},
        "timestamp": "1764009200",
        "message": {"mid": "m"},
    }
    for raw in (envelope(item, page="0"), change("messages", item, id="0")):
        decoded = one(raw)
        assert (decoded.event.event, decoded.event.test, decoded.event.page_id) == (
            "message.received",
            True,
            "23245",
        )
        assert decoded.event.timestamp == 1764009200 and not decoded.opens_window


def test_an_echo_of_an_unnamed_page_finds_its_page() -> None:
    raw = {"object": "page", "entry": [{"messaging": [outbound(message={"mid": "m", "is_echo": True})]}]}
    assert event(raw).page_id == PAGE


def test_both_sides_are_kept_where_neither_is_the_page() -> None:
    found = event(envelope(inbound(message={"mid": "m"}), page="9999"))
    assert (found.page_id, found.from_, found.to) == ("9999", PSID, PAGE)


def test_a_standby_copy_names_the_owners() -> None:
    item = inbound(message={"mid": "m", "text": "x"})
    copy, owned = one(envelope(item, container="standby")), one(envelope(item))
    assert copy.event.standby and not owned.event.standby
    assert copy.owner_id == owned.event.id != copy.event.id and owned.owner_id is None


def test_an_echo_in_standby_is_the_same_fact() -> None:
    item = outbound(message={"mid": "m", "text": "x", "is_echo": True})
    copy, owned = one(envelope(item, container="standby")), one(envelope(item))
    assert copy.event.standby and copy.event.id == copy.owner_id == owned.event.id


@pytest.mark.parametrize("key", ["read", "reaction"])
def test_what_nobody_did_is_told_by_its_content(key: str) -> None:
    first, again, other = ({"timestamp": TIME, key: {"mid": mid, "action": "react"}} for mid in "aab")
    assert event(envelope(first)).id == event(envelope(again)).id != event(envelope(other)).id
    assert event(envelope(first)).from_ is None


def test_names_beside_the_id_are_the_persons() -> None:
    item = inbound(message={"mid": "m"}) | {"sender": {"id": PSID, "name": "Anna", "username": "anna.b"}}
    person = one(envelope(item)).person
    assert person and (person.name, person.username) == ("Anna", "anna.b")
