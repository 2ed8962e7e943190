"""One person on several pages, by a customer's word, wherever the data of the pages is."""

import pytest

from adapters.base import Identity, Person
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownContact, KnownProfile
from gateway.store.contacts import Unmergeable
from gateway.store.records import Arrival, PageRequest
from tests.store.people import bodies
from tests.store.samples import NOW, arrival, event
from tests.store.test_contacts import account, found

pytestmark = pytest.mark.anyio

PAGES = ("1001", "1002", "1003", "1004", "1005")
"""Enough of them that a divided store has some in different parts."""
LATER = NOW + 1_000


def on(page_id: str, value: str, at: int = NOW) -> Arrival:
    """A message of psid `value` of a page."""
    person = Person(identities=(Identity("psid", value, page_id),))
    return arrival(event("message.received", f"{value} {at}", page_id=page_id), person, at)


async def crowd(store: Store) -> list[KnownContact]:
    """Somebody on each page, the oldest first."""
    for number, page_id in enumerate(PAGES):
        await store.put_account(account(page_id))
        await store.accept([on(page_id, f"200{number}")])
    return list(reversed(await found(store, "default")))


async def merged(store: Store) -> KnownContact:
    """All of the crowd are the oldest."""
    first, *others = await crowd(store)
    for one in others:
        assert await store.people.merge("default", one.id, first.id) == first.id
    (contact,) = await found(store, "default")
    assert contact.id == first.id
    return contact


async def test_who_is_one_on_several_pages_is_listed_once_with_all_of_them(store: Store) -> None:
    contact = await merged(store)
    assert {one.page_id for one in contact.conversations} == set(PAGES)
    assert {(one.value, one.scope) for one in contact.identities} == {
        (f"200{number}", page_id) for number, page_id in enumerate(PAGES)
    }
    for number, page_id in enumerate(PAGES):
        assert await found(store, None, identity=f"200{number}") == [contact]
        assert [one.id for one in await found(store, "default", page_id=page_id)] == [contact.id]


async def test_what_a_merged_person_writes_on_any_page_is_the_contacts_own(store: Store) -> None:
    contact = await merged(store)
    told = await bodies(store, *(on(page_id, f"200{n}", LATER) for n, page_id in enumerate(PAGES)))
    for body in told[-len(PAGES) :]:
        assert body["contact"]["id"] == contact.id
        assert len(body["contact"]["identities"]) == len(PAGES)
    assert [one.id for one in await found(store)] == [contact.id]


async def test_the_ids_of_merged_contacts_lead_to_the_one_that_goes_on(store: Store) -> None:
    first, second, third, *_ = await crowd(store)
    await store.people.merge(None, second.id, third.id)
    await store.people.merge(None, first.id, third.id)
    kept = await store.people.contact(None, first.id)
    assert kept is not None and kept.id == first.id and len(kept.identities) == 3
    assert await store.people.contact(None, second.id) == await store.people.contact(None, third.id) == kept
    with pytest.raises(Unmergeable, match="same_contact"):
        await store.people.merge(None, second.id, third.id)


@pytest.mark.parametrize("ascending", [False, True])
async def test_pages_of_a_list_have_each_contact_once(store: Store, ascending: bool) -> None:
    first, second, _, fourth, _ = await crowd(store)
    await store.people.merge(None, first.id, fourth.id)
    await store.people.merge(None, second.id, (await found(store))[0].id)
    seen: list[str] = []
    request = PageRequest(limit=1, ascending=ascending)
    while True:
        page = await store.people.contacts("default", ContactFilter(), request)
        seen += [one.id for one in page.data]
        if page.next_cursor is None:
            break
        request = PageRequest(limit=1, ascending=ascending, cursor=page.next_cursor)
    expected = [one.id for one in await found(store)]
    assert seen == (expected[::-1] if ascending else expected) and len(seen) == 3


async def test_a_linked_id_of_another_page_is_the_contact_when_it_writes(store: Store) -> None:
    (first, *_) = await crowd(store)
    for page_id in PAGES[1:]:
        await store.people.link(None, first.id, "facebook", Identity("psid", "9", page_id))
    told = await bodies(store, *(on(page_id, "9", LATER) for page_id in PAGES[1:]))
    assert {body["contact"]["id"] for body in told[-4:]} == {first.id}


async def test_an_opt_out_of_one_page_is_shown_with_the_contact_that_goes_on(store: Store) -> None:
    people = await crowd(store)
    for number, page_id in enumerate(PAGES):
        identity = Identity("psid", f"200{number}", page_id)
        assert await store.people.mark_stale("facebook", identity, "unreachable", NOW + number)
    for one in people[1:]:
        await store.people.merge(None, people[0].id, one.id)
    (contact,) = await found(store, "default", stale=True)
    assert [one.stale_since for one in contact.identities] == [NOW + number for number in range(len(PAGES))]
    assert await found(store, "default", stale=False) == []


async def test_a_profile_gives_the_contact_its_name_on_every_page(store: Store) -> None:
    await merged(store)
    identity = Identity("psid", "2003", "1004")
    profile = KnownProfile(identity=identity, fetched_at=NOW, fresh_until=NOW, fields={"name": "Ada"})
    await store.people.keep_profile("facebook", profile, "Ada", None)
    (contact,) = await found(store, None, name="aD")
    assert contact.name == "Ada" and contact.profile == profile
    assert await store.people.profile("facebook", identity) == profile
    told = await bodies(store, on("1001", "2000", LATER))
    assert told[-1]["contact"]["name"] == "Ada"


async def test_who_removes_the_app_leaves_no_profile_behind(store: Store) -> None:
    contact = await merged(store)
    await store.people.link(None, contact.id, "facebook", Identity("asid", "77", "2210"))
    for number, page_id in enumerate(PAGES):
        identity = Identity("psid", f"200{number}", page_id)
        profile = KnownProfile(identity=identity, fetched_at=NOW, fresh_until=NOW, fields={})
        await store.people.keep_profile("facebook", profile, None, None)
    await store.people.deauthorize("facebook", Identity("asid", "77", ""))
    (contact,) = await found(store)
    assert contact.profile is None
    assert {one.former for one in contact.identities if one.kind == "asid"} == {True}
    for number, page_id in enumerate(PAGES):
        assert await store.people.profile("facebook", Identity("psid", f"200{number}", page_id)) is None


async def test_two_of_different_pages_are_kept_apart(store: Store) -> None:
    first, second, *_ = await crowd(store)
    await store.people.keep_apart(None, first.id, second.id)
    with pytest.raises(Unmergeable, match="same_contact"):
        await store.people.keep_apart(None, first.id, first.id)
    with pytest.raises(Unmergeable, match="gone"):
        await store.people.keep_apart(None, first.id, "usr_nobody")
