"""Messaging items that are no messages."""

from typing import Any

import pytest

from adapters.message import Target
from adapters.parts import Reaction, Status, Thread
from tests.adapters.envelopes import (
    PAGE,
    PSID,
    TIME,
    envelope,
    event,
    inbound,
    item_event,
    one,
)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"delivery": {"watermark": TIME}}, "status.update"),
        ({"read": {"watermark": TIME}}, "status.update"),
        ({"read": {"mid": "m"}}, "status.update"),
        ({"postback": {"payload": "P"}}, "postback.received"),
        ({"referral": {"ref": "r"}}, "referral.received"),
        ({"optin": {"ref": "r"}}, "contact.opted_in"),
        ({"optout": {}}, "contact.opted_out"),
        ({"optout": "anything"}, "contact.opted_out"),
        ({"pass_thread_control": {}}, "thread.control_changed"),
        ({"take_thread_control": {}}, "thread.control_changed"),
        ({"request_thread_control": {}}, "thread.control_requested"),
        ({"app_roles": {}}, "thread.roles_changed"),
        ({"policy_enforcement": {}}, "account.update"),
        ({"policy-enforcement": {}}, "account.update"),
        ({"account_linking": {"status": "linked"}}, "contact.account_linked"),
        ({"account_linking": {"status": "unlinked"}}, "contact.account_unlinked"),
        ({"messaging_feedback": {}}, "feedback.received"),
        ({"response_feedback": {"feedback": "Good response", "mid": "m"}}, "feedback.received"),
        ({"messaging_customer_information": {}}, "contact.information_received"),
        ({"order": {"products": []}}, "order.received"),
        ({"game_play": {"game_id": 1}}, "game.played"),
        ({"prior_message": {"source": "x"}}, "unknown"),
        ({"message": None}, "unknown"),
        ({"message": "text"}, "unknown"),
        ({"something": {}}, "unknown"),
    ],
)
def test_each_key_has_its_event(item: Any, name: str) -> None:
    assert item_event(**item).event == name


def test_the_message_is_what_happened_and_the_rest_is_context() -> None:
    assert item_event(postback={"title": "x"}, message={"mid": "m", "text": "x"}).event == "message.received"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {"delivery": {"mids": ["a", "b"], "watermark": TIME - 1}},
            Status(
                state="delivered",
                message_ids=("a", "b"),
                original_state="delivery",
                rank=2,
                watermark_ms=TIME - 1,
            ),
        ),
        (
            {"delivery": {"watermark": str(TIME - 1)}},
            Status(
                state="delivered", message_ids=(), original_state="delivery", rank=2, watermark_ms=TIME - 1
            ),
        ),
        (
            {"read": {"watermark": TIME - 1}},
            Status(state="read", message_ids=(), original_state="read", rank=3, watermark_ms=TIME - 1),
        ),
        ({"read": {"mid": "a"}}, Status(state="read", message_ids=("a",), original_state="read", rank=3)),
    ],
)
def test_receipts_say_what_was_reached(item: Any, expected: Status) -> None:
    found = item_event(**item)
    assert found.status == expected
    assert (found.direction, found.origin, found.from_) == ("inbound", "platform", PSID)


def test_a_receipt_without_a_time_happened_at_its_watermark() -> None:
    item = {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "delivery": {"watermark": TIME - 5000}}
    assert event(envelope(item)).timestamp_ms == TIME - 5000


def test_receipts_with_one_watermark_and_other_messages_differ() -> None:
    ids = {item_event(delivery={"mids": [mid], "watermark": TIME}).id for mid in "ab"}
    assert (
        len(ids | {item_event(delivery={"watermark": TIME}).id, item_event(read={"watermark": TIME}).id}) == 4
    )


@pytest.mark.parametrize(
    ("given", "action"),
    [
        ({"action": "react", "emoji": "x", "reaction": "love"}, "added"),
        ({"action": "unreact", "emoji": "x", "reaction": "love"}, "removed"),
        ({"action": "unreact"}, "removed"),
        ({"emoji": "x"}, "added"),
        ({}, "removed"),
    ],
)
def test_reactions_come_and_go(given: Any, action: Any) -> None:
    decoded = one(envelope(inbound(reaction={"mid": "m_1", **given})))
    expected = Reaction(
        action=action, target=Target(message_id="m_1"), emoji=given.get("emoji"), name=given.get("reaction")
    )
    assert decoded.event.reaction == expected
    assert decoded.event.event == f"reaction.{action}" and decoded.target == "m_1"
    assert decoded.opens_window == (action == "added")


def test_the_same_reaction_at_another_time_is_another_fact() -> None:
    reaction = {"mid": "m_1", "action": "react", "emoji": "x"}
    first, later = (event(envelope(inbound(reaction=reaction) | {"timestamp": TIME + n})) for n in (0, 1))
    assert first.id != later.id


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("STOP NOTIFICATIONS", "opted_out"),
        ("STOP_NOTIFICATIONS", "opted_out"),
        ("RESUME NOTIFICATIONS", "opted_in"),
        ("RESUME_NOTIFICATIONS", "opted_in"),
        (None, "opted_in"),
    ],
)
def test_stopping_notifications_is_an_opt_out(status: Any, state: str) -> None:
    optin = {"type": "notification_messages", "title": "Offers", "notification_messages_status": status}
    found = item_event(optin=optin)
    assert found.event == f"contact.{state}"
    assert found.consent and (found.consent.state, found.consent.topic) == (state, "Offers")


@pytest.mark.parametrize(
    ("optin", "source"),
    [
        ({"type": "notification_messages"}, "notification_messages"),
        ({"type": "one_time_notif_req"}, "one_time_notif_req"),
        ({"ref": "r"}, "send_to_messenger"),
        ({"ref": "r", "user_ref": "u"}, "checkbox_plugin"),
        ({"ref": "r", "user_ref": "u", "message_request": "accept"}, "customer_matching"),
    ],
)
def test_an_opt_in_says_where_it_was_given(optin: Any, source: str) -> None:
    consent = item_event(optin=optin).consent
    assert consent and consent.source == source


def test_a_token_and_its_expiry_are_kept() -> None:
    given = {"type": "x", "notification_messages_token": 88, "token_expiry_timestamp": str(TIME)}
    consent = item_event(optin=given).consent
    assert consent and (consent.token, consent.token_expires_at) == ("88", TIME // 1000)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("pass_thread_control", Thread(action="passed", previous_owner="1", new_owner="2", metadata="m")),
        ("take_thread_control", Thread(action="taken", previous_owner="1", new_owner="2", metadata="m")),
        ("request_thread_control", Thread(action="requested", new_owner="3", metadata="m")),
    ],
)
def test_owners_of_a_thread_are_text(key: str, expected: Thread) -> None:
    given = {
        "previous_owner_app_id": 1,
        "new_owner_app_id": "2",
        "requested_owner_app_id": 3,
        "metadata": "m",
    }
    found = item_event(**{key: given})
    assert found.thread == expected
    assert (found.direction, found.origin) == (None, "platform")


def test_metas_own_fields_keep_their_names_and_get_text_ids() -> None:
    assert item_event(order={"products": [{"id": 1}]}).order == {"products": [{"id": "1"}]}
    assert item_event(messaging_customer_information={"screens": []}).information == {"screens": []}
    assert item_event(game_play={"game_id": 1}).game == {"game_id": "1", "change": "game_play"}
    assert item_event(policy_enforcement={"action": "block"}).account == {
        "action": "block",
        "change": "policy_enforcement",
    }


@pytest.mark.parametrize("key", ["message", "postback", "referral", "reaction", "order"])
def test_what_a_person_does_opens_the_window(key: str) -> None:
    assert one(envelope(inbound(**{key: {"mid": "m", "action": "react"}}))).opens_window


@pytest.mark.parametrize("key", ["read", "delivery", "optin", "account_linking", "pass_thread_control"])
def test_nothing_else_opens_it(key: str) -> None:
    assert not one(envelope(inbound(**{key: {"watermark": TIME}}))).opens_window
