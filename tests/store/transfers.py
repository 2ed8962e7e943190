"""Moving stores into others, for the tests of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import product

from gateway.migration import Compared, Migration, Work
from gateway.store.base import Store
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.store.transfer.contract import (
    KINDS,
    Kind,
    Leaving,
    TransferRecord,
    records_of,
)
from tests.store.lived_in import live_in, opened

ALL = PageRequest(limit=1_000, ascending=True)
KINDS_OF_STORES = ("sqlite", "redis", "shards")
PAIRS = list(product(KINDS_OF_STORES, repeat=2))
Place = Callable[[str, int], str]
"""Where a store of a kind is, for any of several numbers."""


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


async def bodies(store: Store) -> dict[str, bytes]:
    """All events, with what the store has put into them."""
    return {one.id: one.body for one in (await store.events(None, EventFilter(), ALL)).data}
