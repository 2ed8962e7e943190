"""Edits and deletions that came before their message: kept for seconds, in the file like all else."""

import sqlite3
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from gateway.store.base import HELD_MS
from gateway.store.records import Arrival, Route

_HOLD = "INSERT INTO held (page, message, release_at, arrival) VALUES (?, ?, ?, ?)"
_OF_MESSAGE = "SELECT key, arrival FROM held WHERE page = ? AND message = ? ORDER BY key"
_ANY = "SELECT 1 FROM held LIMIT 1"
_DUE = "SELECT key, arrival FROM held WHERE release_at <= ? ORDER BY key"
_DROP = "DELETE FROM held WHERE key = ?"


class Held:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._perhaps = True

    def forget(self) -> None:
        """Look into the file again."""
        self._perhaps = True

    def hold(self, arrival: Arrival, page: int, message: int) -> None:
        """Keep an arrival until its message comes, or its time is over."""
        unclaimed = replace(arrival, routes=tuple(_unclaimed(route) for route in arrival.routes))
        until = arrival.received_at + HELD_MS
        self._perhaps = True
        self._execute(_HOLD, (page, message, until, msgspec.json.encode(unclaimed)))

    def of_message(self, page: int, message: int) -> Iterator[Arrival]:
        """Take out what waits for this message, in order."""
        if self._perhaps:
            self._perhaps = self._execute(_ANY).fetchone() is not None
        return self._take(_OF_MESSAGE, (page, message)) if self._perhaps else iter(())

    def due(self, now: int) -> Iterator[Arrival]:
        """Take out what has waited long enough, in order."""
        return self._take(_DUE, (now,))

    def _take(self, query: str, parameters: tuple[int, ...]) -> Iterator[Arrival]:
        for key, arrival in self._execute(query, parameters).fetchall():
            self._execute(_DROP, (key,))
            yield msgspec.json.decode(arrival, type=Arrival)


def _unclaimed(route: Route) -> Route:
    """Later, nobody knows of a free slot."""
    return replace(route, claim=False)
