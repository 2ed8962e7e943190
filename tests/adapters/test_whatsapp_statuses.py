"""WhatsApp statuses, calls and what belongs to the account: ids, routing, secrets."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from adapters import whatsapp
from adapters.base import Decoded, Inbound
from adapters.event import encode as encode_event
from adapters.whatsapp.phone import match_keys


def decode(*changes: dict[str, Any], waba_id: str = "W1", time: int = 1764001000) -> list[Decoded]:
    entry = {"id": waba_id, "time": time, "changes": list(changes)}
    found = whatsapp.decode(Inbound(encode({"object": whatsapp.OBJECT, "entry": [entry]})))
    return [each for each in found if isinstance(each, Decoded)]


def change(field: str, **value: Any) -> dict[str, Any]:
    return {"value": {"metadata": {"phone_number_id": "N1"}} | value, "field": field}


def statuses(*items: dict[str, Any]) -> list[str]:
    given = [{"id": "wamid.1", "status": "read", "recipient_id": "491511"} | item for item in items]
    return [each.event.id for each in decode(change("messages", statuses=given))]


def test_a_repeated_status_is_a_duplicate_whenever_it_was_sent() -> None:
    first, again = statuses({"timestamp": "1764001000"}, {"timestamp": "1764001005"})
    assert first == again


def test_states_messages_and_participants_make_different_statuses() -> None:
    participant = {"recipient_type": "group", "recipient_participant_user_id": "DE.1"}
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"status": "delivered"},
        {"id": "wamid.2"},
        participant,
        {"type": "payment"},
    )
    assert len(set(statuses(*kinds))) == len(kinds)


def test_the_state_of_a_payment_is_not_the_state_of_its_message() -> None:
    status = {"id": "wamid.1", "status": "failed", "type": "payment", "recipient_id": "491511"}
    found = decode(change("messages", statuses=[status]))[0].event.status
    assert found is not None
    assert (found.state, found.original_state, found.rank) == ("other", "failed", None)


def test_what_happens_to_a_call_is_told_apart() -> None:
    calls = [{"id": "wacid.1", "event": event, "from": "491511"} for event in ("connect", "terminate")]
    first, second = decode(change("calls", calls=calls))
    assert first.event.id != second.event.id


def test_only_a_call_from_the_person_opens_the_window() -> None:
    calls = [
        {"id": "1", "event": "connect", "direction": "USER_INITIATED", "from": "491511"},
        {"id": "2", "event": "connect", "direction": "BUSINESS_INITIATED", "to": "491511"},
        {"id": "1", "event": "terminate", "direction": "USER_INITIATED", "from": "491511"},
    ]
    assert [each.opens_window for each in decode(change("calls", calls=calls))] == [True, False, False]


def test_an_element_without_ids_is_told_by_content_and_not_by_when_it_was_sent() -> None:
    review = {"value": {"decision": "APPROVED"}, "field": "account_review_update"}
    first, later = (decode(review, time=time)[0].event.id for time in (1764001000, 1764009000))
    other = decode(review, waba_id="W2")[0].event.id
    assert first == later != other


def test_what_belongs_to_the_account_goes_to_the_account() -> None:
    found = decode({"value": {"event": "PIN_CHANGED"}, "field": "security"})[0].event
    assert (found.page_id, found.waba_id) == ("W1", "W1")


def test_a_partners_entry_is_a_portfolio_and_no_account() -> None:
    added = {"event": "PARTNER_ADDED", "waba_info": {"waba_id": "W7"}}
    assert decode({"value": added, "field": "account_update"})[0].event.waba_id == "W7"
    solution = {"value": {"event": "SOLUTION_CREATED"}, "field": "partner_solutions"}
    assert decode(solution)[0].event.waba_id is None


def test_a_handover_stands_in_the_persons_conversation() -> None:
    value = {
        "recipient": {"phone_number_id": "N1"},
        "sender": {"phone_number": "491511"},
        "type": "control_taken",
        "control_taken": {"new_owner_role": "ai_agent"},
    }
    found = decode({"value": value, "field": "messaging_handovers"})[0]
    assert found.event.page_id == "N1"
    assert found.person is not None
    assert found.person.identities[0].value == "491511"


def test_the_sip_password_is_in_neither_the_event_nor_the_kept_envelope() -> None:
    server = {"hostname": "sip.example", "sip_user_password": "hunter2"}
    settings = {"phone_number_settings": {"calling": {"sip": {"servers": [server]}}}}
    for field in ("account_settings_update", "a_field_of_the_future", ""):
        found = decode({"value": settings, "field": field})[0]
        assert b"hunter2" not in found.envelope + encode_event(found.event)
        assert b"sip.example" in found.envelope
        assert decode_again(found) == found.event.id


def test_who_writes_about_the_password_keeps_every_byte() -> None:
    texts = [{"id": str(n), "type": "text", "text": {"body": 'a "sip_user_password"\u00e4'}} for n in (1, 2)]
    found = decode(change("messages", messages=texts))[0]
    start, end = found.element
    assert found.envelope[start:end] == encode(texts[0])


def decode_again(found: Decoded) -> str:
    again = whatsapp.decode(Inbound(found.envelope))[0]
    assert isinstance(again, Decoded)
    return again.event.id


def test_errors_beside_a_sole_item_stay_with_it_and_others_are_their_own_event() -> None:
    error = {"code": 131000, "title": "Something went wrong"}
    sole = decode(change("messages", statuses=[{"id": "1", "status": "failed"}], errors=[error]))
    assert [each.event.event for each in sole] == ["status.update"]
    assert sole[0].event.status is not None
    assert sole[0].event.status.error is not None
    two = [{"id": "1", "status": "sent"}, {"id": "2", "status": "sent"}]
    several = decode(change("messages", statuses=two, errors=[error]))
    assert [each.event.event for each in several] == ["status.update", "status.update", "account.update"]


@settings(deadline=None)
@given(
    st.from_regex(r"[1-9]\d{7,14}", fullmatch=True) | st.from_regex(r"(55|52|54)9?1?\d{8,11}", fullmatch=True)
)
def test_match_keys_are_mutual(phone: str) -> None:
    assert phone in match_keys(phone)
    for key in match_keys(phone):
        assert phone in match_keys(key)


def test_the_two_ways_to_write_a_mobile_match_and_a_landline_matches_none() -> None:
    assert match_keys("+55 31 99876-5432") == ("5531998765432", "553198765432")
    assert match_keys("553133334444") == ("553133334444",)
    assert match_keys("5511943334444") == ("5511943334444",)
    assert match_keys("5215512345678") == ("5215512345678", "525512345678")
    assert match_keys("541123456789") == ("541123456789", "5491123456789")
    assert match_keys("DE.ENT.5511") == ("DE.ENT.5511",)
