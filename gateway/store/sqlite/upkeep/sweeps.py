"""How far raw envelopes and attempts are deleted, where they go before their events.

A sweep goes over the events once, oldest first, and remembers where it is. What an open delivery still
needs is left behind; when that delivery ends, its event is noted, and deleted from in a later step.
"""

import sqlite3
from collections.abc import Iterable
from enum import IntEnum

_READ = "SELECT value FROM facts WHERE name = ?"
_MOVE = "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)"
# An attempt can be much younger than its event, so what is noted counts from the newest one.
_NOTE = """
    INSERT OR IGNORE INTO late_endings (kind, at, event)
    SELECT ?1, coalesce(max(at), 0), ?2 FROM attempts WHERE event = ?2
"""
_LATE = "SELECT at, event FROM late_endings WHERE kind = ? AND at < ? ORDER BY at, event LIMIT ?"
_DROP = "DELETE FROM late_endings WHERE kind = ? AND at = ? AND event = ?"


class Kind(IntEnum):
    """What is swept: the envelopes of events, or the attempts of their deliveries."""

    ENVELOPES = 0
    ATTEMPTS = 1


class Sweeps:
    """Where each sweep is: the key of the last event that it went over. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self.forget()

    def forget(self) -> None:
        """Read the positions again: a transaction was undone."""
        self._positions = {kind: self._read(kind) for kind in Kind}

    def position(self, kind: Kind) -> int:
        """The sweep has gone over all events up to this key."""
        return self._positions[kind]

    def move(self, kind: Kind, event: int) -> None:
        """It has come further."""
        self._execute(_MOVE, (_name(kind), event))
        self._positions[kind] = event

    def ended(self, events: Iterable[int]) -> None:
        """Deliveries of these events are open no more: what a sweep left behind for them may go."""
        for event in events:
            for kind in Kind:
                if event <= self._positions[kind]:
                    self.note(kind, event)

    def note(self, kind: Kind, event: int) -> None:
        """Look at this event again."""
        self._execute(_NOTE, (kind, event))

    def take_late(self, kind: Kind, before: int, limit: int) -> list[int]:
        """Events that were noted and whose newest attempt is older than this moment; noted no more."""
        rows = self._execute(_LATE, (kind, before, limit)).fetchall()
        self._connection.executemany(_DROP, [(kind, *row) for row in rows])
        return [event for _, event in rows]

    def _read(self, kind: Kind) -> int:
        row = self._execute(_READ, (_name(kind),)).fetchone()
        return 0 if row is None else int(row[0])


def _name(kind: Kind) -> str:
    return f"swept_{kind.name.lower()}"
