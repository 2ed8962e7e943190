"""Stores that are moved into others: everything is as it was, and goes on from there."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import permutations, product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from gateway.migration import Compared, Migration, NotTheSame, Work
from gateway.store.base import Conflict, Store
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.dump import COVERED, LEFT
from gateway.store.sqlite.schema import migrate, scripts
from gateway.store.transfer.contract import (
    KINDS,
    Kind,
    Leaving,
    Progress,
    Stretch,
    TransferRecord,
    records_of,
)
from tests.redis_servers import RedisServer
from tests.store.lived_in import KEYED, live_in, opened, person
from tests.store.samples import LEASE, NOW, endpoint, message, status, succeeded

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=1_000, ascending=True)
KINDS_OF_STORES = ("sqlite", "redis", "shards")
PAIRS = list(product(KINDS_OF_STORES, repeat=2))
Place = Callable[[str, int], str]


@pytest.fixture
def place(tmp_path: Path, redis_server: RedisServer) -> Place:
    """Where a store of a kind is, for any of several numbers."""

    def url(kind: str, number: int) -> str:
        shards = 4 if kind == "shards" else 1
        file = f"sqlite:///{tmp_path}/{number}.db"
        return file if kind == "sqlite" else f"{redis_server.url}/{number}?shards={shards}"

    return url


def leaving(store: Store) -> Leaving:
    """The way out of it."""
    assert isinstance(store, SqliteStore | RedisStore)
    return store.leaving()


def migration(old: Store, new: Store) -> Migration:
    """From one to the other; nobody watches."""
    assert isinstance(new, SqliteStore | RedisStore)
    return Migration(leaving(old), new.restoring(), new.leaving(), silent)


def silent(work: Work, kind: Kind, done: int, total: int) -> None:
    """Nobody watches."""


async def move(old: str, new: str) -> Compared:
    """Move what is in one store, and compare."""
    async with opened(old) as first, opened(new) as second:
        moving = migration(first, second)
        await moving.move()
        return await moving.compare()


async def fill(url: str) -> None:
    """Live in a store for a while."""
    async with opened(url) as store:
        await live_in(store)


async def dumped(url: str) -> dict[Kind, list[TransferRecord]]:
    """All that a store tells of itself."""
    async with opened(url) as store:
        return {kind: [one async for one in records_of(leaving(store), kind, 7)] for kind in KINDS}


@asynccontextmanager
async def both(old: str, new: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores, open."""
    async with opened(old) as first, opened(new) as second:
        yield first, second


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_a_new_store_holds_all_that_the_old_one_held(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    compared = await move(place(old, 0), place(new, 1))
    assert all(compared.counts.values()), compared.counts
    assert await dumped(place(new, 1)) == await dumped(place(old, 0))


@pytest.mark.parametrize(("here", "there"), list(permutations(KINDS_OF_STORES, 2)))
async def test_who_goes_there_and_back_has_lost_nothing(place: Place, here: str, there: str) -> None:
    await fill(place(here, 0))
    there_compared = await move(place(here, 0), place(there, 1))
    assert await move(place(there, 1), place(here, 2)) == there_compared
    assert await dumped(place(here, 2)) == await dumped(place(here, 0))


async def conversation(store: Store, identifier: str | None) -> list[str]:
    """The events of a conversation, in their order."""
    found = await store.events(None, EventFilter(conversation_id=identifier or "conv_none"), ALL)
    return [one.id for one in found.data]


async def shown(url: str) -> dict[str, Any]:
    """What the API shows of a store, but for cursors."""
    async with opened(url) as store:
        events = (await store.events(None, EventFilter(), ALL)).data
        by_id = sorted(events, key=lambda one: one.id)
        talks = [msgspec.json.decode(one.body).get("conversation_id") for one in by_id]
        return {
            "configuration": await store.configuration(),
            "events": [one.id for one in by_id],
            "conversations": [await conversation(store, one) for one in talks],
            "unrouted": [one.id for one in (await store.events(None, EventFilter(unrouted=True), ALL)).data],
            "quarantine": [replace(one, id="") for one in (await store.quarantined(ALL)).data],
            "replays": [replace(one, cursor="") for one in (await store.replays(None, ALL)).data],
            "keyed": await store.begin_keyed(KEYED, NOW + 1),
        }


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_what_the_api_shows_is_the_same_in_the_new_store(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    assert await shown(place(new, 1)) == await shown(place(old, 0))


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
            for arrival in late:
                await store.accept([arrival])
        first, second = [await bodies(store) for store in stores]
        assert second == first
        assert {one async for one in left(stores[0])} <= {one async for one in left(stores[1])}


async def bodies(store: Store) -> dict[str, bytes]:
    """All events, with what the store has put into them."""
    return {one.id: one.body for one in (await store.events(None, EventFilter(), ALL)).data}


async def left(store: Store) -> AsyncIterator[str]:
    """What the endpoint that pulls has not acknowledged."""
    pull = endpoint("ep_pull", type="pull")
    for one in (await store.log(pull, await store.acknowledge("ep_pull", None), 100)).entries:
        yield one.id


class Halting:
    """The store that is entered; the process dies when the n-th stretch is written and not yet remembered."""

    def __init__(self, entering: Any, stretches: int) -> None:
        self._entering = entering
        self._left = stretches
        self._remembered = b""

    async def begin(self, source: str) -> Progress:
        found: Progress = await self._entering.begin(source)
        self._remembered = msgspec.json.encode(found)
        return found

    async def restore(self, stretch: Stretch, progress: Progress) -> None:
        await self._entering.restore(stretch, progress)
        if self._left == 0:
            await self._entering.keep(msgspec.json.decode(self._remembered, type=Progress))
            raise KeyboardInterrupt
        self._left -= 1
        self._remembered = msgspec.json.encode(progress)

    async def keep(self, progress: Progress) -> None:
        await self._entering.keep(progress)


@pytest.mark.parametrize(("old", "new"), [("sqlite", "shards"), ("shards", "sqlite")])
@pytest.mark.parametrize("stretches", range(len(KINDS)))
async def test_a_move_that_was_interrupted_is_carried_on(
    place: Place, old: str, new: str, stretches: int
) -> None:
    await fill(place(old, 0))
    async with both(place(old, 0), place(new, 1)) as (first, second):
        assert isinstance(second, SqliteStore | RedisStore)
        halting = Halting(second.restoring(), stretches)
        with suppress(KeyboardInterrupt):
            await Migration(leaving(first), halting, leaving(second), silent).move()
    await move(place(old, 0), place(new, 1))
    assert await dumped(place(new, 1)) == await dumped(place(old, 0))


async def test_what_is_watched_has_a_total_and_comes_to_its_end(place: Place) -> None:
    seen: list[tuple[Work, int, int]] = []
    await fill(place("shards", 0))
    async with both(place("shards", 0), place("sqlite", 1)) as (old, new):
        assert isinstance(new, SqliteStore)
        watch = lambda work, kind, done, total: seen.append((work, done, total))  # noqa: E731
        moving = Migration(leaving(old), new.restoring(), new.leaving(), watch)
        await moving.move()
        await moving.compare()
    ends = {work: (done, total) for work, done, total in seen}
    assert ends["moving"][0] == ends["moving"][1] == ends["comparing"][0] == ends["comparing"][1]
    assert [done for work, done, _ in seen if work == "moving"] == sorted(
        done for work, done, _ in seen if work == "moving"
    )


@pytest.mark.parametrize("new", KINDS_OF_STORES)
async def test_a_store_with_other_content_is_not_entered(place: Place, new: str) -> None:
    async with both(place("sqlite", 0), place(new, 1)) as (old, filled):
        await filled.put_endpoint(endpoint())
        with pytest.raises(Conflict, match="not empty"):
            await migration(old, filled).move()


@pytest.mark.parametrize("new", KINDS_OF_STORES)
async def test_what_changes_after_the_move_is_told(place: Place, new: str) -> None:
    await fill(place("sqlite", 0))
    async with both(place("sqlite", 0), place(new, 1)) as (old, entered):
        await migration(old, entered).move()
    async with both(place("sqlite", 0), place(new, 1)) as (old, entered):
        await entered.accept([message("m_new", at=NOW + 99)])
        with pytest.raises(NotTheSame, match="contacts: usr_"):
            await migration(old, entered).compare()


def test_every_table_is_carried_over_or_left_on_purpose() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, scripts())
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert tables == COVERED | LEFT.keys()
    assert not COVERED & LEFT.keys()
