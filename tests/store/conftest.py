"""The stores that the suite runs over: to add one is one line in STORES."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest

from gateway.store.base import Store
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.samples import NOW, endpoint

KEY = b"k" * 32


class CountedIds:
    """UUIDs in a row, so that a test can name the first contact."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        self._last += 1
        return UUID(int=self._last)


def sqlite(directory: Path) -> Store:
    """A store on the file of this test."""
    return SqliteStore(directory / "gateway.db", Vault(KEY), lambda: NOW, CountedIds())


STORES: dict[str, Callable[[Path], Store]] = {"sqlite": sqlite}

OpenStore = Callable[[], Awaitable[Store]]


@pytest.fixture(params=STORES)
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Opens the test's store; after a `close`, the same one again."""
    async with AsyncExitStack() as stack:

        async def opened() -> Store:
            store = STORES[request.param](tmp_path)
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
