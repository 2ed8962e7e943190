"""Who may have come back: never on a name alone, never several, never again after a no."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Identity, Person
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownProfile
from gateway.store.records import PageRequest
from tests.store.samples import NOW, PAGE, arrival, event, message, psid

pytestmark = pytest.mark.anyio

OLD, NEW = Identity("psid", "3001", PAGE), Identity("psid", "3002", PAGE)
_pages = count()
"""One store serves all examples."""


async def meet(store: Store, identity: Identity, name: str | None, picture: str | None) -> None:
    happened = event("message.received", f"m_{identity.value}", page_id=identity.scope)
    await store.accept([arrival(happened, Person(identities=(identity,)))])
    await know(store, identity, name, picture)


async def know(store: Store, identity: Identity, name: str | None, picture: str | None) -> None:
    profile = KnownProfile(identity=identity, fetched_at=NOW, fresh_until=NOW, fields={"name": name})
    await store.people.keep_profile("facebook", profile, name, picture)


async def contact_of(store: Store, identity: Identity) -> str:
    page = await store.people.contacts(None, ContactFilter(identity=identity.value), PageRequest())
    return page.data[0].id


async def test_a_stale_contact_with_name_and_picture_is_suspected(store: Store) -> None:
    await meet(store, OLD, "Ada", "1_2_3")
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    await meet(store, NEW, "Ada", "1_2_3")
    (suspect,) = await store.people.suspects("facebook", NEW)
    assert suspect.contact_id == await contact_of(store, OLD)


async def test_a_no_is_remembered(store: Store) -> None:
    await meet(store, OLD, "Ada", "1_2_3")
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    await meet(store, NEW, "Ada", "1_2_3")
    await store.people.keep_apart(None, await contact_of(store, NEW), await contact_of(store, OLD))
    assert await store.people.suspects("facebook", NEW) == ()


async def test_a_no_to_somebody_is_one_to_whoever_goes_on_in_their_place(store: Store) -> None:
    elsewhere = Identity("psid", "9001", "1002")
    await meet(store, elsewhere, "Ada", None)
    await meet(store, OLD, "Ada", "1_2_3")
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    await meet(store, NEW, "Ada", "1_2_3")
    await store.people.keep_apart(None, await contact_of(store, NEW), await contact_of(store, OLD))
    await store.people.merge(None, await contact_of(store, NEW), await contact_of(store, elsewhere))
    assert await store.people.suspects("facebook", NEW) == ()


async def test_a_picture_that_people_of_other_names_have_tells_nobody_from_anybody(store: Store) -> None:
    await meet(store, OLD, "Ada", "sha256:00")
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    await meet(store, NEW, "Ada", "sha256:00")
    assert len(await store.people.suspects("facebook", NEW)) == 1
    await meet(store, Identity("psid", "3003", PAGE), "Bob", "sha256:00")
    assert await store.people.suspects("facebook", NEW) == ()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crowd=st.lists(
        st.tuples(
            st.sampled_from(["Ada", "Bob", None]),
            st.sampled_from(["1_2_3", "4_5_6", None]),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
async def test_two_people_of_one_name_stay_two(
    store: Store, crowd: list[tuple[str | None, str | None, bool]]
) -> None:
    page_id = f"page_{next(_pages)}"
    for number, (name, picture, stale) in enumerate(crowd):
        identity = Identity("psid", f"30{number:02}", page_id)
        await meet(store, identity, name, picture)
        if stale:
            await store.people.mark_stale("facebook", identity, "unreachable", NOW)
    newcomer = Identity("psid", "9999", page_id)
    await meet(store, newcomer, "Ada", "1_2_3")
    everybodys = any(name not in ("Ada", None) and picture == "1_2_3" for name, picture, _ in crowd)
    alike = 0 if everybodys else crowd.count(("Ada", "1_2_3", True))
    assert len(await store.people.suspects("facebook", newcomer)) == min(alike, 2)
    contacts = await store.people.contacts(None, ContactFilter(page_id=page_id), PageRequest())
    assert len(contacts.data) == len(crowd) + 1


@pytest.mark.parametrize("profile_first", [False, True])
async def test_a_stale_id_is_suspected_whichever_came_first(store: Store, profile_first: bool) -> None:
    await meet(store, OLD, "Ada" if profile_first else None, "1_2_3" if profile_first else None)
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    if not profile_first:
        await know(store, OLD, "Ada", "1_2_3")
    await meet(store, NEW, "Ada", "1_2_3")
    assert len(await store.people.suspects("facebook", NEW)) == 1


async def test_who_is_heard_of_again_is_suspected_no_more(store: Store) -> None:
    await meet(store, OLD, "Ada", "1_2_3")
    await store.people.mark_stale("facebook", OLD, "unreachable", NOW)
    await meet(store, NEW, "Ada", "1_2_3")
    await store.accept([message("m_again", psid("3001"))])
    assert await store.people.suspects("facebook", NEW) == ()
