"""Stores by their URL, for tests and for the processes that tests kill."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from gateway.clock import Clock, system_clock
from gateway.store.address import parse_redis
from gateway.store.base import Store
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault

KEY = b"k" * 32
_SQLITE = "sqlite:///"


def store_at(url: str, clock: Clock = system_clock, new_id: Callable[[], UUID] = uuid4) -> Store:
    """A store that is not open yet, sealed with the tests' key."""
    if url.startswith(_SQLITE):
        return SqliteStore(Path(url.removeprefix(_SQLITE)), Vault(KEY), clock, new_id)
    return RedisStore(parse_redis(url), Vault(KEY), clock, new_id)
