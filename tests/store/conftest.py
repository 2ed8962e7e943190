"""The stores that the suite runs over: to add one is one line in STORES."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from gateway.store.base import Store
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, endpoint
from tests.store.transfers import Place


class CountedIds:
    """UUIDs in a row, so that a test can name the first contact."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        self._last += 1
        return UUID(int=self._last)


def sqlite(request: pytest.FixtureRequest) -> str:
    """The file of this test."""
    directory: Path = request.getfixturevalue("tmp_path")
    return f"sqlite:///{directory / 'gateway.db'}"


def redis(request: pytest.FixtureRequest, shards: int) -> str:
    """The Redis of this test, divided into so many parts."""
    server: RedisServer = request.getfixturevalue("redis_server")
    return f"{server.url}?shards={shards}"


STORES: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "sqlite": sqlite,
    "redis": partial(redis, shards=1),
    "redis-shards": partial(redis, shards=4),
}

OpenStore = Callable[[], Awaitable[Store]]


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """Where the test's store is."""
    return STORES[request.param](request)


@pytest.fixture
async def open_store(store_url: str) -> AsyncIterator[OpenStore]:
    """Opens the test's store; after a `close`, the same one again."""
    async with AsyncExitStack() as stack:

        async def opened() -> Store:
            store = store_at(store_url, lambda: NOW, CountedIds())
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


@pytest.fixture
def place(tmp_path: Path, redis_server: RedisServer) -> Place:
    """Where a store of a kind is, for any of several numbers."""

    def url(kind: str, number: int) -> str:
        shards = 4 if kind == "shards" else 1
        file = f"sqlite:///{tmp_path}/{number}.db"
        return file if kind == "sqlite" else f"{redis_server.url}/{number}?shards={shards}"

    return url
