"""WhatsApp messages: who sent them, what opens the answer window, what they are about."""

from typing import Any

import pytest
from msgspec.json import encode

from adapters import whatsapp
from adapters.base import Decoded, Identity, Inbound

NUMBER = {"display_phone_number": "4930901820", "phone_number_id": "N1"}
CONTACT = {"profile": {"name": "Anna"}, "wa_id": "491511"}


def value(**arrays: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "metadata": NUMBER, **arrays}


def decode(value: dict[str, Any], field: str = "messages") -> list[Decoded]:
    entry = {"id": "W1", "changes": [{"value": value, "field": field}]}
    found = whatsapp.decode(Inbound(encode({"object": whatsapp.OBJECT, "entry": [entry]})))
    return [each for each in found if isinstance(each, Decoded)]


def message(**members: Any) -> dict[str, Any]:
    return {"from": "491511", "id": "wamid.1", "timestamp": "1764001000", "type": "text"} | members


def receive(*contacts: dict[str, Any], **members: Any) -> Decoded:
    return decode(value(contacts=list(contacts), messages=[message(**members)]))[0]


def test_a_person_has_all_ids_the_most_stable_first() -> None:
    contact = CONTACT | {"user_id": "DE.1", "parent_user_id": "DE.ENT.2"}
    person = receive(contact, text={"body": "hi"}).person
    assert person is not None
    assert [(one.kind, one.value) for one in person.identities] == [
        ("bsuid", "DE.1"),
        ("parent_bsuid", "DE.ENT.2"),
        ("wa_id", "491511"),
    ]
    assert {one.scope for one in person.identities} == {"W1"}
    assert not person.asserted


def test_a_username_loses_its_notation_and_is_no_identity() -> None:
    person = receive({"profile": {"name": "Anna", "username": "@anna.g"}, "wa_id": "491511"}).person
    assert person is not None
    assert (person.name, person.username) == ("Anna", "anna.g")
    assert person.identities == (Identity("wa_id", "491511", "W1"),)


def test_a_plus_before_the_digits_is_sent_on_but_is_no_part_of_the_identity() -> None:
    found = receive(**{"from": "+491511"})
    assert found.event.from_ == "+491511"
    assert found.person is not None
    assert found.person.identities == (Identity("wa_id", "491511", "W1"),)


def test_contacts_are_matched_by_id_and_never_by_position() -> None:
    other = {"profile": {"name": "Bela"}, "wa_id": "436641"}
    both = [message(id="wamid.1"), message(id="wamid.2", **{"from": "436641"})]
    found = decode(value(contacts=[other, CONTACT], messages=both))
    assert [each.person and each.person.name for each in found] == ["Anna", "Bela"]


def test_a_contact_that_names_nobody_of_several_belongs_to_none() -> None:
    found = decode(value(contacts=[{"profile": {"name": "?"}}], messages=[message(id="a"), message(id="b")]))
    assert [each.person and each.person.name for each in found] == [None, None]


def test_a_sole_contact_and_a_sole_message_belong_together() -> None:
    person = receive({"profile": {"name": "Anna"}, "wa_id": "4915110"}).person
    assert person is not None
    assert person.name == "Anna"
    assert [one.value for one in person.identities] == ["491511", "4915110"]


def test_two_user_ids_are_two_persons_even_where_there_is_one_contact() -> None:
    found = receive({"profile": {"name": "Bela"}, "user_id": "DE.2"}, from_user_id="DE.1")
    assert found.person is not None
    assert found.person.name is None


@pytest.mark.parametrize(
    ("members", "opens"),
    [
        ({"text": {"body": "hi"}}, True),
        ({"type": "unsupported"}, True),
        ({"type": "reaction", "reaction": {"message_id": "m", "emoji": "x"}}, True),
        ({"type": "reaction", "reaction": {"message_id": "m"}}, False),
        ({"type": "edit", "edit": {"original_message_id": "m"}}, False),
        ({"type": "revoke", "revoke": {"original_message_id": "m"}}, False),
        ({"type": "request_welcome"}, False),
        ({"type": "system", "system": {"type": "user_changed_number", "wa_id": "2"}}, False),
        ({"type": "system", "system": {"type": "new_thing"}}, False),
    ],
)
def test_the_answer_window_opens_with_what_the_person_sends(members: dict[str, Any], opens: bool) -> None:
    assert receive(**members).opens_window is opens


def test_echoes_statuses_and_history_open_no_window() -> None:
    text = {"text": {"body": "hi"}}
    history = [{"threads": [{"id": "491511", "messages": [message(**text)]}]}]
    status = {"id": "m", "status": "read", "recipient_id": "491511"}
    found = [
        *decode(value(message_echoes=[message(to="491511", **text)]), "smb_message_echoes"),
        *decode(value(statuses=[status])),
        *decode(value(history=history), "history"),
    ]
    assert [each.opens_window for each in found] == [False, False, False]


@pytest.mark.parametrize("kind", ["edit", "revoke"])
def test_an_edit_and_a_deletion_say_which_message_they_are_about(kind: str) -> None:
    found = receive(type=kind, **{kind: {"original_message_id": "m1"}})
    assert found.target == "m1"
    assert found.event.message is not None
    assert found.event.message.id == "m1"


def test_a_group_message_stands_in_the_groups_conversation() -> None:
    found = receive(CONTACT, group_id="G1", text={"body": "hi"})
    assert found.thread == "G1"
    assert (found.event.from_, found.event.to, found.event.to_kind) == ("491511", "G1", "group")


def test_a_message_of_the_dashboard_opens_no_window() -> None:
    change = {"value": value(messages=[message()]), "field": "messages"}
    body = encode({"object": whatsapp.OBJECT, "entry": [{"id": "0", "changes": [change]}]})
    found = whatsapp.decode(Inbound(body))[0]
    assert isinstance(found, Decoded)
    assert found.event.test
    assert found.event.waba_id is None
    assert not found.opens_window


def test_an_announced_change_names_old_and_new_ids_as_one_person() -> None:
    change = {"type": "user_changed_number", "wa_id": "2", "user_id": "DE.2", "previous_user_id": "DE.1"}
    person = receive(type="system", system=change).person
    assert person is not None
    assert person.asserted
    assert [one.value for one in person.identities] == ["DE.2", "2", "DE.1", "491511"]


def test_a_new_security_code_joins_nothing() -> None:
    found = receive(type="system", system={"type": "customer_identity_changed"}, identity={"hash": "x"})
    assert found.event.identity is not None
    assert found.event.identity.change == "security_code"
    assert found.person is not None
    assert not found.person.asserted


def test_the_text_of_a_system_message_is_never_read_for_ids() -> None:
    change = {"type": "user_changed_number", "body": "User x changed from 3 to 4 changed from 1 to 2"}
    person = receive(type="system", system=change).person
    assert person is not None
    assert person.identities == (Identity("wa_id", "491511", "W1"),)


def test_a_standby_copy_knows_the_id_of_the_owners_copy() -> None:
    owner = receive(CONTACT, text={"body": "hi"})
    nested = {"contacts": [CONTACT], "messages": [message(text={"body": "hi"})]}
    copy = decode(value(standby=nested), "standby")[0]
    assert copy.event.standby
    assert copy.event.id != owner.event.id
    assert copy.owner_id == owner.event.id


def test_an_imported_message_and_the_live_one_are_two_events() -> None:
    live = message(text={"body": "hi"})
    imported = decode(value(history=[{"threads": [{"id": "491511", "messages": [live]}]}]), "history")
    late = decode(value(messages=[live]), "history")
    found = [*decode(value(messages=[live])), *imported, *late]
    assert [each.event.event for each in found] == ["message.received", *["history.imported"] * 2]
    assert len({each.event.id for each in found}) == 3


def test_who_wrote_an_imported_message_is_told_by_the_thread() -> None:
    thread = {"id": "491511", "messages": [message(), message(id="wamid.2", **{"from": "4930901820"})]}
    found = decode(value(history=[{"threads": [thread]}]), "history")
    assert [each.event.direction for each in found] == ["inbound", "outbound"]
    assert [each.event.to for each in found] == ["N1", "491511"]
