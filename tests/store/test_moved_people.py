"""A person of several pages, whose shards differ, in the store that was moved to."""

import pytest

from adapters.base import Identity, Person
from tests.store.lived_in import opened
from tests.store.samples import NOW, PAGE, arrival, event, message, psid
from tests.store.test_contacts import found
from tests.store.transfers import PAIRS, Place, move

pytestmark = pytest.mark.anyio
ELSEWHERE = "1002"
"""A page of another shard than PAGE."""


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_what_one_page_finds_out_later_is_known_of_them_on_the_other(
    place: Place, old: str, new: str
) -> None:
    there = Identity("psid", "2002", ELSEWHERE)
    async with opened(place(old, 0)) as store:
        second = arrival(event("message.received", "m_2", page_id=ELSEWHERE), Person(identities=(there,)))
        await store.accept([message("m_1", psid("2001")), second])
        mine, other = [one.id for one in reversed(await found(store))]
        kept = await store.people.merge(None, mine, other)
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        assert await store.people.mark_stale("facebook", there, "unreachable", NOW)
        (stale,) = await found(store, page_id=PAGE, stale=True)
        assert stale.id == kept
        assert [one.value for one in stale.identities if one.stale] == ["2002"]
