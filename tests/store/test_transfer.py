"""Stores that are moved into others: everything is as it was."""

import sqlite3
from contextlib import suppress
from itertools import permutations
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from gateway.migration import Migration, NotTheSame, Work
from gateway.store.base import Store
from gateway.store.records import EventFilter
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.dump.leaving import COVERED, LEFT
from gateway.store.sqlite.file.schema import migrate, scripts
from gateway.store.transfer.contract import (
    KINDS,
    Progress,
    Stretch,
)
from tests.store.lived_in import KEYED, opened
from tests.store.samples import (
    NOW,
    message,
)
from tests.store.transfers import (
    ALL,
    KINDS_OF_STORES,
    PAIRS,
    Place,
    both,
    dumped,
    fill,
    leaving,
    migration,
    move,
    silent,
)

pytestmark = pytest.mark.anyio


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
