"""An erasure takes what is the person's, and nothing of anybody who merely looks alike."""

import json

import pytest
from msgspec.structs import replace

from adapters.base import Identity, Person
from gateway.store.base import Store
from gateway.store.contact import ContactFilter
from gateway.store.records import Arrival, EventFilter, PageRequest
from tests.store.erasures import begin, by, carry_on, erase
from tests.store.samples import PAGE, arrival, body_of, edit, event, message, psid, wa
from tests.store.test_erasures import PERSON, comment

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=100, ascending=True)


async def kept(store: Store, name: str = "message.received") -> list[str]:
    """The messages that are left."""
    page = await store.events(None, EventFilter(event=name), ALL)
    return [body_of(one)["message"]["id"] for one in page.data]


def elsewhere(platform: str, identity: Identity, **fields: str) -> Arrival:
    """What somebody of another page has written, who may look the same."""
    happened = message("m_there", platform=platform).decoded.event
    there = event("message.received", "m_there", platform, message=happened.message, **fields)
    return arrival(there, Person(identities=(identity,)))


@pytest.mark.parametrize("note", ["message.received", "facebook", "1", "1002", "3002"])
async def test_a_customers_note_takes_nobody_elses_events(store: Store, note: str) -> None:
    await store.accept([message("m_1", psid("3001"))])
    await store.accept([elsewhere("facebook", Identity("psid", "3002", "1002"), page_id="1002")])
    await store.accept([message("m_2", psid("3002"))])
    (contact,) = (await store.people.contacts(None, ContactFilter(identity="3001"), ALL)).data
    await store.people.link(None, contact.id, "facebook", Identity("phone", note, "my notes"))
    await erase(store, PERSON)
    assert await kept(store) == ["m_there", "m_2"]


@pytest.mark.parametrize("value", ["text", "facebook", PAGE, "1"])
async def test_what_stands_in_every_event_names_nobody(store: Store, value: str) -> None:
    await store.accept([message("m_1", psid("3001"))])
    await erase(store, by("psid", value, PAGE))
    assert await kept(store) == ["m_1"]


async def test_a_number_in_another_whatsapp_account_is_somebody_elses(store: Store) -> None:
    there = Identity("wa_id", "4915", "901")
    await store.accept([message("m_1", wa(("wa_id", "4915")), platform="whatsapp")])
    await store.accept([elsewhere("whatsapp", there, page_id="777", waba_id="901")])
    await erase(store, by("wa_id", "4915", "900", "whatsapp"))
    assert await kept(store) == ["m_there"]


async def test_an_edit_by_somebody_of_another_page_waits_on(store: Store) -> None:
    waiting = edit("m_unknown").decoded
    there = replace(waiting.event, page_id="1002", from_="3001")
    person = Person(identities=(Identity("psid", "3001", "1002"),))
    await store.accept([arrival(there, person, target="m_unknown"), message("m_1", psid("3001"))])
    await erase(store, PERSON)
    assert len(await store.release_held(10**15)) == 1


async def test_an_id_that_json_writes_in_another_way_is_found(store: Store) -> None:
    author = "jürgen/7"
    told = comment("c_1", author)
    element = json.dumps({"from": {"id": author}}).replace("/", r"\/").encode()
    assert author.encode() not in element
    nameless = replace(told.decoded.event, from_=None, comment=None)
    decoded = replace(told.decoded, event=nameless, envelope=element, element=(0, len(element)))
    await store.accept([replace(told, decoded=decoded, body=arrival(nameless).body)])
    step = await erase(store, by("user_ref", author, PAGE))
    assert step.erasure.erased == 1


async def test_who_writes_for_the_first_time_meanwhile_keeps_place_and_window(store: Store) -> None:
    await store.accept([message("m_1", psid("3001"))])
    await begin(store, PERSON)
    await store.accept([message("m_2", psid("4001")), message("m_3", psid("4001"))])
    await carry_on(store)
    (contact,) = (await store.people.contacts(None, ContactFilter(identity="4001"), ALL)).data
    assert contact.conversations[0].last_inbound_at is not None
    await store.accept([message("m_4", psid("4001"))])
    numbers = [body_of(one)["sequence"] for one in (await store.events(None, EventFilter(), ALL)).data]
    assert numbers == [1, 2, 3, 4]
