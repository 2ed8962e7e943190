"""The stores that keep the whole contract."""

import pytest

from gateway.store.base import Store
from gateway.store.sqlite import SqliteStore
from gateway.store.whole import WholeStore


def whole(store: Store) -> WholeStore:
    """The store, if it can send; else the test is skipped."""
    if not isinstance(store, SqliteStore):
        pytest.skip("the store on Redis has no outbox yet")
    return store


@pytest.fixture
async def store(store: Store) -> WholeStore:
    """The test's store, if it can send."""
    return whole(store)
