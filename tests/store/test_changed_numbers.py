"""A number that was given up: its former owner's for what went there before, its next owner's since then."""

import pytest
from msgspec.structs import replace

from adapters.base import Identity
from adapters.parts import Status
from gateway.store.base import Store
from gateway.store.records import Arrival
from tests.store.people import FIRST, SECOND, bodies, names, on_whatsapp
from tests.store.samples import WABA, announced, arrival, event, wa
from tests.store.test_contacts import found

pytestmark = pytest.mark.anyio


def moved() -> Arrival:
    """The person with the number 4915 has 4916 from now on."""
    change = wa(("wa_id", "4916"), ("wa_id", "4915"))
    return announced(replace(change, former=(Identity("wa_id", "4915", WABA),)))


async def test_who_inherits_a_number_that_was_given_up_is_somebody_new(store: Store) -> None:
    before, change, hint, stranger, after = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        moved(),
        on_whatsapp("m_2", ("bsuid", "DE.8"), ("wa_id", "4915")),
        on_whatsapp("m_3", ("bsuid", "DE.7"), ("wa_id", "4916")),
    )
    assert before["contact"]["id"] == change["contact"]["id"] == after["contact"]["id"] == FIRST
    assert before["conversation_id"] == change["conversation_id"] == after["conversation_id"]
    assert hint["event"] == "contact.identity_suspected"
    assert stranger["contact"]["id"] == SECOND and names(stranger) == {"DE.8", "4915"}
    assert stranger["conversation_id"] != before["conversation_id"]
    assert names(after) == {"DE.7", "4916"}


async def test_a_number_that_was_given_up_gets_the_statuses_until_somebody_has_it(store: Store) -> None:
    def delivered(mid: str) -> Arrival:
        part = Status(state="delivered", rank=2, message_ids=(mid,))
        return arrival(event("status.update", mid, "whatsapp", status=part), wa(("wa_id", "4915")))

    before, _, old, hint, heir, new = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        moved(),
        delivered("m_8"),
        on_whatsapp("m_2", ("wa_id", "4915")),
        delivered("m_9"),
    )
    assert old["conversation_id"] == before["conversation_id"]
    assert hint["event"] == "contact.identity_suspected"
    assert heir["contact"]["id"] == new["contact"]["id"] == SECOND
    assert new["conversation_id"] == heir["conversation_id"] != before["conversation_id"]


async def test_a_number_that_was_taken_back_is_the_persons_own_again(store: Store) -> None:
    back = wa(("wa_id", "4915"), ("wa_id", "4916"))
    found = await bodies(
        store,
        on_whatsapp("m_1", ("wa_id", "4915")),
        moved(),
        announced(replace(back, former=(Identity("wa_id", "4916", WABA),)), "back"),
        on_whatsapp("m_2", ("wa_id", "4915")),
    )
    assert {body["contact"]["id"] for body in found} == {FIRST}


async def test_an_id_that_went_with_the_number_is_given_up_and_still_nobody_elses(store: Store) -> None:
    gone = (Identity("bsuid", "DE.7", WABA), Identity("wa_id", "4915", WABA))
    change = wa(("bsuid", "DE.8"), ("wa_id", "4916"), ("bsuid", "DE.7"), ("wa_id", "4915"))
    told = await bodies(
        store,
        on_whatsapp("m_1", ("bsuid", "DE.7"), ("wa_id", "4915")),
        announced(replace(change, former=gone)),
        on_whatsapp("m_2", ("bsuid", "DE.7")),
    )
    assert {body["contact"]["id"] for body in told} == {FIRST}
    (contact,) = await found(store)
    assert {one.value for one in contact.identities if one.former} == {"DE.7", "4915"}
