"""Ids that no element tells of: an app's of a person, or a customer's own. Several contacts may have one."""

import pytest

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.contact import KnownContact
from gateway.store.erasure import ErasurePlan
from tests.store.erasures import begin, by, carry_on, erase
from tests.store.samples import NOW
from tests.store.test_contacts import found
from tests.store.test_merging import crowd

pytestmark = pytest.mark.anyio

ASID = Identity("asid", "10209", "2210")


async def known_to_the_app(store: Store) -> list[KnownContact]:
    """Contacts on five Pages: the first four are one person of the app."""
    contacts = await crowd(store)
    for one in contacts[:4]:
        await store.people.link("default", one.id, "facebook", ASID)
        await store.people.link("default", one.id, "facebook", ASID)
    return contacts


async def test_several_contacts_have_one_app_id_and_each_is_found_by_it(store: Store) -> None:
    contacts = await known_to_the_app(store)
    by_id = await found(store, "default", identity="10209")
    assert {one.id for one in by_id} == {one.id for one in contacts[:4]}
    assert await store.people.unlink("default", contacts[0].id, ASID)
    left = await found(store, "default", identity="10209")
    assert {one.id for one in left} == {one.id for one in contacts[1:4]}


async def test_an_erasure_by_the_apps_id_takes_all_of_them_and_tells_of_each(store: Store) -> None:
    contacts = await known_to_the_app(store)
    step = await erase(store, by("asid", "10209", "2210"))
    assert [one.id for one in await found(store)] == [contacts[4].id]
    told = {(one.customer_id, one.contact_id) for one in step.concerned}
    assert told == {("default", one.id) for one in contacts[:4]}
    assert step.erasure.erased == 8


async def test_ids_that_the_platform_tells_are_erased_along(store: Store) -> None:
    contacts = await known_to_the_app(store)
    plan = ErasurePlan(platform="facebook", identity=ASID, others=(Identity("psid", "2004", "1005"),))
    await erase(store, plan)
    assert await found(store) == [] and len(contacts) == 5


async def test_who_is_known_goes_at_once_and_the_rest_when_the_platform_answers(store: Store) -> None:
    await known_to_the_app(store)
    first = await erase(store, by("asid", "10209", "", searched=False))
    assert (first.erasure.state, first.erasure.finished_at) == ("parked", None)
    (left,) = await found(store)
    await store.people.link(None, left.id, "facebook", ASID)
    await store.people.resolve_parked("facebook", ASID)
    assert await store.people.advance_erasure(3, NOW) is None
    ((_, waiting),) = await store.people.parked()
    await store.people.resolve_parked("facebook", waiting, (Identity("psid", "2004", "1005"),))
    last = (await carry_on(store)).erasure
    assert await found(store) == [] and await store.people.parked() == ()
    assert (last.state, last.id) == ("done", first.erasure.id) and last.erased > first.erasure.erased


async def test_what_has_waited_for_the_platform_ends_with_its_answer(store: Store) -> None:
    await known_to_the_app(store)
    first = await erase(store, by("asid", "10209", "2210", searched=False))
    await store.people.resolve_parked("facebook", ASID, ())
    last = (await carry_on(store)).erasure
    assert (last.state, last.erased) == ("done", first.erasure.erased)
    assert await store.people.end_erasure(last.id, NOW) is None


async def test_an_answer_that_leads_to_nobody_is_kept_until_an_id_does(store: Store) -> None:
    contacts = await crowd(store)
    await begin(store, by("asid", "10209", "2210", searched=False))
    await store.people.resolve_parked("facebook", ASID, ())
    assert await store.people.advance_erasure(3, NOW) is None
    await store.people.link(None, contacts[0].id, "facebook", ASID)
    await store.people.resolve_parked("facebook", ASID)
    await carry_on(store)
    assert {one.id for one in await found(store)} == {one.id for one in contacts[1:]}


async def test_who_is_erased_as_one_contact_stays_as_another_of_the_same_app_id(store: Store) -> None:
    contacts = await known_to_the_app(store)
    await erase(store, ErasurePlan(platform="facebook", contact_id=contacts[0].id, customer_id="default"))
    assert {one.id for one in await found(store)} == {one.id for one in contacts[1:]}


async def test_contacts_of_one_app_id_are_merged_and_have_it_once(store: Store) -> None:
    contacts = await known_to_the_app(store)
    await store.people.merge("default", contacts[1].id, contacts[0].id)
    (first, *_) = sorted(await found(store, "default", identity="10209"), key=lambda one: one.id)
    assert [one.kind for one in first.identities].count("asid") == 1
    assert {one.page_id for one in first.conversations} == {"1001", "1002"}


async def test_two_contacts_have_one_phone_and_neither_is_told_of_the_other(store: Store) -> None:
    one, other, *_ = await crowd(store)
    for each in (one, other):
        await store.people.link("default", each.id, "facebook", Identity("phone", "+43 660", "crm"))
    assert {each.id for each in await found(store, identity="+43 660")} == {one.id, other.id}
