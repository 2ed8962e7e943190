"""Deleting what is too old, in small steps: events first, with all that hangs on them."""

import sqlite3

from gateway.store.base import REMEMBERED_MS
from gateway.store.keyed import KEYED_MS
from gateway.store.keys import period
from gateway.store.retention import Retention
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.lines import Lines
from gateway.store.sqlite.upkeep.shedding import Shedding
from gateway.store.sqlite.upkeep.sweeps import Sweeps

_OLDEST = "SELECT key, conversation FROM events WHERE key < ? ORDER BY key LIMIT ?"
# A conversation's last place is its state: without it, numbers would begin at 1 again.
_PLACE = """
    DELETE FROM places WHERE conversation = ?1 AND event <= ?2
    AND event < (SELECT max(event) FROM places WHERE conversation = ?1)
"""
_LISTINGS = "DELETE FROM listings WHERE event <= ? AND customer IN (SELECT 0 UNION SELECT key FROM customers)"
_LINES = "SELECT endpoint, line FROM open_deliveries WHERE event <= ?"
_BY_EVENT = (
    "DELETE FROM open_deliveries WHERE event <= ?",
    "DELETE FROM finished_deliveries WHERE event <= ?",
    "DELETE FROM attempts WHERE event <= ?",
    "DELETE FROM emptying WHERE event <= ?",
    "DELETE FROM events WHERE key <= ?",
)
_FORGOTTEN = "SELECT period, id FROM seen WHERE period < ? LIMIT ?"
_FORGET = "DELETE FROM seen WHERE period = ? AND id = ?"
_OLD_RANKS = "SELECT period, message FROM status_ranks WHERE period < ? LIMIT ?"
_DROP_RANK = "DELETE FROM status_ranks WHERE period = ? AND message = ?"
_OLD_DEPARTED = "SELECT period, digest FROM departed WHERE period < ? LIMIT ?"
_DROP_DEPARTED = "DELETE FROM departed WHERE period = ? AND digest = ?"
_QUARANTINE = "DELETE FROM quarantine WHERE key IN (SELECT key FROM quarantine WHERE key < ? LIMIT ?)"
_KEYED = (
    "DELETE FROM keyed_requests WHERE key IN (SELECT key FROM keyed_requests WHERE begun_at <= ? LIMIT ?)"
)
_SENT = """
    DELETE FROM outgoing WHERE key IN (SELECT key FROM outgoing WHERE key < ? AND stage = 5 LIMIT ?)
    RETURNING key
"""
_PARTS = "DELETE FROM outgoing_parts WHERE outgoing = ?"
_REPLAYS = "DELETE FROM replays WHERE key IN (SELECT key FROM replays WHERE finished_at < ? LIMIT ?)"
_RENORMALISATIONS = (
    "DELETE FROM renormalisations WHERE key IN"
    " (SELECT key FROM renormalisations WHERE finished_at < ? LIMIT ?)"
)


class Pruning:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, lines: Lines, sweeps: Sweeps) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._lines = lines
        self._shedding = Shedding(connection, sweeps)

    def prune(self, now: int, retention: Retention, limit: int) -> int:
        """One step over at most `limit` rows of what comes first; how many they were."""
        expired = first_key(max(now - retention.events_ms, 0))
        # The period itself may hold what is still remembered.
        forgotten = period(now - max(retention.events_ms, REMEMBERED_MS))
        return (
            self._events(expired, limit)
            or self._shedding.shed(now, retention, limit)
            or self._rows(_FORGOTTEN, _FORGET, (forgotten, limit))
            or self._rows(_OLD_RANKS, _DROP_RANK, (forgotten, limit))
            or self._rows(_OLD_DEPARTED, _DROP_DEPARTED, (forgotten, limit))
            or self._execute(_QUARANTINE, (first_key(max(now - retention.raw_ms, 0)), limit)).rowcount
            or self._execute(_KEYED, (now - KEYED_MS, limit)).rowcount
            or self._messages(expired, limit)
            or self._execute(_REPLAYS, (now - retention.events_ms, limit)).rowcount
            or self._execute(_RENORMALISATIONS, (now - retention.events_ms, limit)).rowcount
        )

    def _events(self, expired: int, limit: int) -> int:
        oldest = self._execute(_OLDEST, (expired, limit)).fetchall()
        if not oldest:
            return 0
        last = oldest[-1][0]
        places = [(conversation, key) for key, conversation in oldest if conversation is not None]
        self._connection.executemany(_PLACE, places)
        self._execute(_LISTINGS, (last,))
        lines = {(endpoint, line) for endpoint, line in self._execute(_LINES, (last,)) if line is not None}
        for query in _BY_EVENT:
            self._execute(query, (last,))
        # Who waited behind a delivery that is gone has nobody before it now.
        self._lines.release(lines)
        return len(oldest)

    def _messages(self, expired: int, limit: int) -> int:
        """What went out long ago. What is open stays, however old it is."""
        deleted = self._execute(_SENT, (expired, limit)).fetchall()
        self._connection.executemany(_PARTS, deleted)
        return len(deleted)

    def _rows(self, which: str, delete: str, limits: tuple[int, int]) -> int:
        rows = self._execute(which, limits).fetchall()
        self._connection.executemany(delete, rows)
        return len(rows)
