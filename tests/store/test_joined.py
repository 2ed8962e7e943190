"""Two contacts that turned out to be one: what the ended conversation knew stays known."""

import pytest

from adapters.base import Identity
from adapters.parts import Consent
from gateway.store.base import Store
from tests.store.people import bodies, on_whatsapp
from tests.store.samples import NUMBER, WABA, announced, arrival, edit, event, wa

pytestmark = pytest.mark.anyio


async def test_a_message_from_before_two_people_were_joined_is_still_known(store: Store) -> None:
    both = (("bsuid", "DE.7"), ("wa_id", "4915"))
    found = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        on_whatsapp("m_2", ("bsuid", "DE.7")),
        on_whatsapp("m_3", *both),
        edit("m_2", wa(*both), platform="whatsapp", name="message.deleted"),
    )
    assert found[-1]["message"]["target"] == {"message_id": "m_2", "known": True}
    assert found[-1]["conversation_id"] == found[0]["conversation_id"]


async def test_a_conversation_that_ended_twice_over_is_still_known(store: Store) -> None:
    numbers = [("wa_id", value) for value in ("4914", "4915", "4916")]
    found = await bodies(
        store,
        *(on_whatsapp(f"m_{value}", (kind, value)) for kind, value in numbers),
        announced(wa(numbers[2], numbers[1]), "first"),
        announced(wa(numbers[1], numbers[0]), "second"),
        edit("m_4916", wa(numbers[2]), platform="whatsapp"),
    )
    assert found[-1]["message"]["target"]["known"]
    assert found[-1]["conversation_id"] == found[0]["conversation_id"]


async def test_what_a_joined_person_said_no_to_stays_a_no(store: Store) -> None:
    no = event(
        "contact.opted_out", "stop", "whatsapp", consent=Consent(state="opted_out", source="user_preferences")
    )
    await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        arrival(no, wa(("bsuid", "DE.7"), name="Ada")),
        on_whatsapp("m_2", ("bsuid", "DE.7"), ("wa_id", "4915")),
    )
    known = await store.people.addressee("whatsapp", NUMBER, Identity("wa_id", "4915", WABA))
    assert known is not None and [one.state for one in known.consents] == ["opted_out"]
    contact = await store.people.contact(None, known.contact_id)
    assert contact is not None and contact.name == "Ada"
