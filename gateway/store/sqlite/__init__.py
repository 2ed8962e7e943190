"""The store for one machine: a SQLite file."""

from gateway.store.sqlite.backup import back_up
from gateway.store.sqlite.disk import Room
from gateway.store.sqlite.dump import Leaving
from gateway.store.sqlite.store import SqliteStore

__all__ = ["Leaving", "Room", "SqliteStore", "back_up"]
