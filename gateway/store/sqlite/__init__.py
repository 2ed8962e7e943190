"""The store for one machine: a SQLite file."""

from gateway.store.sqlite.backup import back_up
from gateway.store.sqlite.disk import NO_FLOOR, Room
from gateway.store.sqlite.store import SqliteStore

__all__ = ["NO_FLOOR", "Room", "SqliteStore", "back_up"]
