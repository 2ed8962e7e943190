"""What was begun before somebody was erased, and ends after it, brings nothing of them back."""

import pytest
from msgspec.structs import replace

from adapters.base import Quarantined
from gateway.contacts.suspicion import suspected
from gateway.store.base import Store
from gateway.store.contact import Suspect
from gateway.store.records import Emission, EventFilter, PageRequest
from gateway.store.renormalisation import Addition, Clearing, Step
from tests.store.erasures import erase
from tests.store.renormalisations import LATER, RUN, asked
from tests.store.samples import NOW, PAGE, arrival, event, message, psid
from tests.store.test_erasures import PERSON
from tests.store.test_suspects import NEW, OLD, contact_of, meet

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=100, ascending=True)
STEP = Step(renormalisation_id=RUN, begins="", ends="", last=True, examined=1, at=LATER)


async def told(store: Store) -> bytes:
    """All that events say."""
    return b"".join(one.body for one in (await store.events(None, EventFilter(), ALL)).data)


async def places(store: Store) -> list[int]:
    """Where the elements are that a re-normalisation has just read."""
    await store.begin_renormalisation(asked())
    found, position, more = [], "", True
    while more:
        page = await store.elements(asked().plan, position, 10)
        found += [one.place for one in page.elements]
        position, more = page.position, page.more
    return found


async def test_a_new_reading_of_an_erased_element_is_no_event(store: Store) -> None:
    await store.accept([arrival(event("unknown", "u_1", from_="3001"), psid("3001"))])
    (place,) = await places(store)
    await erase(store, PERSON)
    found = Addition(arrival=message("m_new", psid("3001")), events=(place,))
    await store.revise(replace(STEP, additions=(found,)))
    assert await told(store) == b""


async def test_not_even_if_the_person_has_come_back(store: Store) -> None:
    await store.accept([arrival(event("unknown", "u_1", from_="3001"), psid("3001"))])
    (place,) = await places(store)
    await erase(store, PERSON)
    await store.accept([message("m_back", psid("3001"))])
    found = Addition(arrival=message("m_new", psid("3001")), events=(place,))
    await store.revise(replace(STEP, additions=(found,)))
    after = await told(store)
    assert b"m_back" in after and b"m_new" not in after


async def test_nothing_of_erased_bytes_goes_back_into_quarantine(store: Store) -> None:
    bodies = [b"not json, from 3001", b"not json, from others"]
    items = [Quarantined(reason="not_json", pointer="", body=body) for body in bodies]
    await store.quarantine("facebook", NOW, items)
    hers, others = await places(store)
    await erase(store, PERSON)
    clearings = tuple(
        Clearing(place=place, platform="facebook", left=(replace(item, pointer="/0"),))
        for place, item in zip((hers, others), items, strict=True)
    )
    found = Addition(arrival=message("m_new", psid("3001")), quarantined=(hers,))
    more = Addition(arrival=message("m_other", psid("2002")), quarantined=(others,))
    await store.revise(replace(STEP, additions=(found, more), clearings=clearings))
    assert [one.body for one in (await store.quarantined(ALL)).data] == bodies[1:]
    after = await told(store)
    assert b"m_new" not in after and b"m_other" in after


async def suspicion(store: Store) -> Emission:
    """Two people who look the same, and the hint that says so."""
    for identity in (OLD, NEW):
        await meet(store, identity, "Ada", "1_2_3")
        await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    current, suspect = [await store.people.contact(None, await contact_of(store, one)) for one in (NEW, OLD)]
    assert current is not None and suspect is not None
    found = Suspect(contact_id=suspect.id, name="Ada", picture="1_2_3")
    hint = suspected(current, suspect, PAGE, found, NOW)
    return Emission(event=hint, at=NOW, customer_id="default", endpoint_ids=(), people=(NEW, OLD))


async def test_a_hint_that_names_the_person_goes_too(store: Store) -> None:
    await store.emit(await suspicion(store))
    assert OLD.value.encode() in await told(store)
    await erase(store, PERSON)
    assert OLD.value.encode() not in await told(store)


async def test_a_hint_that_comes_late_is_kept_nowhere(store: Store) -> None:
    late = await suspicion(store)
    await erase(store, PERSON)
    await store.emit(late)
    assert OLD.value.encode() not in await told(store)
