"""The memory of what was taken in: an event that comes again within 8 days is known."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3

from gateway.store.keys import period, remembered_as
from gateway.store.sqlite.layout.bulk import Inserts

_PERIODS = """
    WITH RECURSIVE periods (period) AS (
        SELECT max(period) FROM seen
        UNION ALL
        SELECT (SELECT max(period) FROM seen WHERE period < periods.period) FROM periods
        WHERE periods.period IS NOT NULL
    )
"""
_EVER = f"{_PERIODS} SELECT event FROM periods CROSS JOIN seen USING (period) WHERE id = ?"
KEY_OF_EVENT = f"{_EVER} AND event IS NOT NULL"
"""The key under which an event is stored, by what its id is remembered as: one seek per period there is."""
# Not `period IN (…)`: SQLite would build a table of the three periods each time.
_KNOWS = """
    SELECT EXISTS (SELECT 1 FROM seen WHERE period = ?1 AND id = ?2)
        OR EXISTS (SELECT 1 FROM seen WHERE period = ?1 - 1 AND id = ?2)
        OR EXISTS (SELECT 1 FROM seen WHERE period = ?1 - 2 AND id = ?2)
"""
_STORED = "UPDATE seen SET event = ? WHERE period = ? AND id = ?"


class Seen:
    """Ids of events by the period in which they came, so that old ones go in one piece."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._inserts = Inserts(connection, "seen", "period, id, event")
        self._inserted: set[str] = set()

    def knows(self, event_id: str, at: int) -> bool:
        """Whether the id was taken in during the last 8 days."""
        name = remembered_as(event_id)
        if name in self._inserted:
            return True
        (known,) = self._execute(_KNOWS, (period(at), name)).fetchone()
        return bool(known)

    def ever_knew(self, event_id: str) -> bool:
        """Whether the id was taken in as long ago as anything is remembered."""
        return self._execute(_EVER, (remembered_as(event_id),)).fetchone() is not None

    def remember(self, event_id: str, event: int | None, at: int) -> None:
        """Know the id from now on, and under which key the event is stored (None: not stored)."""
        name = remembered_as(event_id)
        self._inserts.add((period(at), name, event))
        self._inserted.add(name)

    def stored(self, event_id: str, event: int, at: int) -> None:
        """An event that was held, and remembered at `at`, has its key now."""
        self.flush()
        self._execute(_STORED, (event, period(at), remembered_as(event_id)))

    def flush(self) -> None:
        """Write what is remembered."""
        self._inserts.flush()
        self._inserted.clear()

    def forget(self) -> None:
        """Drop what was not written."""
        self._inserts.drop()
        self._inserted.clear()
