"""Who may have come back: never on a name alone, never several, never again after a no."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Identity
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownProfile
from gateway.store.records import PageRequest
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.conftest import CountedIds
from tests.store.opening import KEY
from tests.store.samples import NOW, PAGE, message, psid

pytestmark = pytest.mark.anyio

OLD, NEW = Identity("psid", "3001", PAGE), Identity("psid", "3002", PAGE)


async def meet(store: Store, identity: Identity, name: str | None, picture: str | None) -> None:
    await store.accept([message(f"m_{identity.value}", psid(identity.value))])
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
    tmp_path_factory: pytest.TempPathFactory, crowd: list[tuple[str | None, str | None, bool]]
) -> None:
    directory: Path = tmp_path_factory.mktemp("crowd")
    store = SqliteStore(directory / "gateway.db", Vault(KEY), lambda: NOW, CountedIds())
    await store.open()
    try:
        for number, (name, picture, stale) in enumerate(crowd):
            identity = Identity("psid", f"30{number:02}", PAGE)
            await meet(store, identity, name, picture)
            if stale:
                await store.people.mark_stale("facebook", identity, "unreachable", NOW)
        await meet(store, Identity("psid", "9999", PAGE), "Ada", "1_2_3")
        found = await store.people.suspects("facebook", Identity("psid", "9999", PAGE))
        everybodys = any(name not in ("Ada", None) and picture == "1_2_3" for name, picture, _ in crowd)
        alike = 0 if everybodys else crowd.count(("Ada", "1_2_3", True))
        assert len(found) == min(alike, 2)
        contacts = await store.people.contacts(None, ContactFilter(), PageRequest())
        assert len(contacts.data) == len(crowd) + 1
    finally:
        await store.close()
