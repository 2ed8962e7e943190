"""The store for one machine: a SQLite file."""

from gateway.store.sqlite.backup import back_up
from gateway.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore", "back_up"]
