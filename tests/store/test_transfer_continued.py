"""A store that was moved into another: it goes on from there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.base import Identity
from adapters.sending import Sent
from gateway.store.base import ContentRemoved, Store
from gateway.store.outgoing import SendJob
from tests.store.erasures import by, erase
from tests.store.lived_in import KEEPS_NOTHING, opened, person
from tests.store.samples import (
    LEASE,
    NOW,
    PAGE,
    endpoint,
    message,
    psid,
    status,
    succeeded,
)
from tests.store.test_contacts import found
from tests.store.test_suspects import meet
from tests.store.transfers import PAIRS, Place, bodies, both, fill, move
from tests.store.whole.outgoing import claim, finish

pytestmark = pytest.mark.anyio


async def drained(store: Store, endpoint_id: str) -> dict[str | None, list[Any]]:
    """All jobs of an endpoint, by conversation, in the order in which they are given out."""
    found: dict[str | None, list[Any]] = {}
    while jobs := (await store.claim(endpoint_id, NOW + LEASE + 1_000, LEASE, 20, 20))[0]:
        for job in jobs:
            about = (job.event_id, job.claim, job.attempts, job.first_failed_at, job.body)
            found.setdefault(job.conversation_id, []).append((*about, job.format, job.include_raw))
        await store.finish([succeeded(job) for job in jobs])
    return found


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_claims_come_in_the_same_order_with_the_next_numbers(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with both(place(old, 0), place(new, 1)) as (first, second):
        for endpoint_id in ("ep_1", "ep_2"):
            assert await drained(second, endpoint_id) == await drained(first, endpoint_id) != {}


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_the_new_store_goes_on_where_the_old_one_was(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    late = [message("m_late", at=NOW + 40), status(1, "m_out", at=NOW + 50), message("m_13", at=NOW + 60)]
    async with both(place(old, 0), place(new, 1)) as stores:
        for store in stores:
            known = [person(3), message("m_copy", at=NOW + 70)]
            assert [one.state for one in await store.accept(known)] == ["duplicate", "duplicate"]
            for one in late:
                await store.accept([one])
        first, second = [await bodies(store) for store in stores]
        assert second == first
        assert {one async for one in left(stores[0])} <= {one async for one in left(stores[1])}


async def left(store: Store) -> AsyncIterator[str]:
    """What the endpoint that pulls has not acknowledged."""
    pull = endpoint("ep_pull", type="pull")
    for one in (await store.log(pull, await store.acknowledge("ep_pull", None), 100)).entries:
        yield one.id


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_messages_go_out_in_the_same_order_and_usage_is_not_counted_twice(
    place: Place, old: str, new: str
) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    told = []
    for url in (place(old, 0), place(new, 1)):
        async with opened(url) as store:
            while await store.usage.tally(1_000):
                pass
            used = await store.usage.read(None, "2026-01")
            sent = [job.message.id for job in await sent_by(store)]
            told.append((used, sent, await store.people.erasure("code-2")))
    assert told[0] == told[1]
    assert told[0][0]
    assert told[0][1] == ["msg_1", "msg_5", "msg_2"]


async def sent_by(store: Store) -> list[SendJob]:
    """Everything that is due, one after the other."""
    found, now = [], NOW + 200_000
    await store.outbox.expire(now)
    while jobs := await claim(store, now):
        for job in jobs:
            assert await store.outbox.begin(job, 0, now)
            sent = Sent(message_id=f"m_{job.message.id}", recipient_id="2001")
            await finish(store, job, "accepted", now, sent=sent)
        found += sorted(jobs, key=lambda job: job.message.id)
    return found


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_contents_that_go_early_go_on_going(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        before = await emptied(store)
        assert len(before) == 2
        with pytest.raises(ContentRemoved):
            await store.redeliver(None, before[0], "ep_3", NOW)
        await drained(store, "ep_3")
        while await store.contents.empty((KEEPS_NOTHING,), 10):
            pass
        assert len(await emptied(store)) == 7


async def emptied(store: Store) -> list[str]:
    """Events whose content is gone."""
    return [name for name, body in (await bodies(store)).items() if b"content_removed" in body]


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_a_picture_of_several_names_suspects_nobody_after_a_move(
    place: Place, old: str, new: str
) -> None:
    back, gone, other = (Identity("psid", f"300{number}", PAGE) for number in range(3))
    async with opened(place(old, 0)) as store:
        for one, name in ((gone, "Ada"), (other, "Bea")):
            await meet(store, one, name, "1_2_3")
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        await store.people.mark_stale("facebook", gone, "unreachable", NOW)
        await meet(store, back, "Ada", "1_2_3")
        assert await store.people.suspects("facebook", back) == ()


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_who_was_erased_is_nobody_in_the_new_store_either(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        (receipt,) = await store.accept([status(3, "m_forgot", person=psid("2666"), at=NOW + 60)])
        assert receipt.state == "duplicate"
        (word,) = await store.accept([message("m_back", psid("2666"), at=NOW + 61)])
        assert word.state == "stored"


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_an_app_id_of_several_contacts_leads_to_all_of_them(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        before = {one.id for one in await found(store)}
        having = {one.id for one in await found(store, identity="10209")}
        assert len(having) == 2
        await erase(store, by("asid", "10209", "2210"), 3)
        assert {one.id for one in await found(store)} == before - having
