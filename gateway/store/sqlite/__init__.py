"""The store for one machine: a SQLite file."""

from gateway.store.sqlite.file.backup import back_up
from gateway.store.sqlite.file.disk import NO_FLOOR, Room
from gateway.store.sqlite.store import SqliteStore

__all__ = ["NO_FLOOR", "Room", "SqliteStore", "back_up"]
