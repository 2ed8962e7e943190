"""The stores that the suite runs over: to add one is one line in STORES."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.store.address import parse_redis
from gateway.store.base import Store
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.redis_servers import RedisServer
from tests.store.samples import NOW, endpoint

KEY = b"k" * 32


class CountedIds:
    """UUIDs in a row, so that a test can name the first contact."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        self._last += 1
        return UUID(int=self._last)


MakeStore = Callable[[], Store]


def sqlite(request: pytest.FixtureRequest) -> MakeStore:
    """Stores on the file of this test."""
    directory: Path = request.getfixturevalue("tmp_path")
    return lambda: SqliteStore(directory / "gateway.db", Vault(KEY), lambda: NOW, CountedIds())


def redis(request: pytest.FixtureRequest, shards: int) -> MakeStore:
    """Stores on the Redis of this test, divided into so many parts."""
    server: RedisServer = request.getfixturevalue("redis_server")
    address = parse_redis(f"{server.url}?shards={shards}")
    return lambda: RedisStore(address, Vault(KEY), lambda: NOW, CountedIds())


STORES: dict[str, Callable[[pytest.FixtureRequest], MakeStore]] = {
    "sqlite": sqlite,
    "redis": partial(redis, shards=1),
    "redis-shards": partial(redis, shards=4),
}

OpenStore = Callable[[], Awaitable[Store]]


@pytest.fixture(params=STORES)
async def open_store(request: pytest.FixtureRequest) -> AsyncIterator[OpenStore]:
    """Opens the test's store; after a `close`, the same one again."""
    make = STORES[request.param](request)
    async with AsyncExitStack() as stack:

        async def opened() -> Store:
            store = make()
            await store.open()
            stack.push_async_callback(store.close)
            return store

        yield opened


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    """An open store with customer `default` and its endpoint `ep_1`."""
    store = await open_store()
    await store.put_endpoint(endpoint())
    return store
