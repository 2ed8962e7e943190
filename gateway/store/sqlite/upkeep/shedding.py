"""Taking from events that stay what has a shorter life: raw envelopes, and attempts.

An open delivery may need the envelope for its next attempt, and its attempts tell when it failed: both
stay until it ends.
"""

import sqlite3
from collections.abc import Sequence

from gateway.store.retention import Retention
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.upkeep.sweeps import Kind, Sweeps

_EVENTS = "SELECT key FROM events WHERE key > ? AND key < ? ORDER BY key LIMIT ?"
_EVENTS_WITH_ATTEMPTS = """
    SELECT event FROM attempts WHERE event > ? AND event < ? ORDER BY event LIMIT ?
"""
# `element_start` stays: it tells an event whose envelope is gone from one that never had any.
_EMPTY = """
    UPDATE events SET envelope = NULL WHERE key = ? AND envelope IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM open_deliveries WHERE event = events.key)
"""
_CLEAR = """
    DELETE FROM attempts WHERE event = ? AND at < ? AND NOT EXISTS (
        SELECT 1 FROM open_deliveries o WHERE o.event = attempts.event AND o.endpoint = attempts.endpoint
    )
"""
_CLOSED_ATTEMPT = """
    SELECT 1 FROM attempts WHERE event = ? AND NOT EXISTS (
        SELECT 1 FROM open_deliveries o WHERE o.event = attempts.event AND o.endpoint = attempts.endpoint
    )
"""
_ANY_TIME = 2**62


class Shedding:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, sweeps: Sweeps) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._sweeps = sweeps

    def shed(self, now: int, retention: Retention, limit: int) -> int:
        """One step over at most `limit` rows; how many they were."""
        return (
            self._envelopes(first_key(max(now - retention.raw_ms, 0)), limit)
            or self._late_envelopes(limit)
            or self._attempts(now - retention.attempts_ms, limit)
            or self._late_attempts(now - retention.attempts_ms, limit)
        )

    def _envelopes(self, expired: int, limit: int) -> int:
        span = (self._sweeps.position(Kind.ENVELOPES), expired, limit)
        events = [key for (key,) in self._execute(_EVENTS, span)]
        if events:
            self._empty(events)
            self._sweeps.move(Kind.ENVELOPES, events[-1])
        return len(events)

    def _late_envelopes(self, limit: int) -> int:
        events = self._sweeps.take_late(Kind.ENVELOPES, _ANY_TIME, limit)
        self._empty(events)
        return len(events)

    def _empty(self, events: Sequence[int]) -> None:
        self._connection.executemany(_EMPTY, [(event,) for event in events])

    def _attempts(self, before: int, limit: int) -> int:
        span = (self._sweeps.position(Kind.ATTEMPTS), first_key(max(before, 0)), limit)
        events = [key for (key,) in self._execute(_EVENTS_WITH_ATTEMPTS, span)]
        if events:
            self._clear(dict.fromkeys(events), before)
            self._sweeps.move(Kind.ATTEMPTS, events[-1])
        return len(events)

    def _late_attempts(self, before: int, limit: int) -> int:
        events = self._sweeps.take_late(Kind.ATTEMPTS, before, limit)
        self._clear(events, before)
        return len(events)

    def _clear(self, events: Sequence[int] | dict[int, None], before: int) -> None:
        self._connection.executemany(_CLEAR, [(event, before) for event in events])
        for event in events:
            # What ended, but not long enough ago, has nobody else who would come back for it.
            if self._execute(_CLOSED_ATTEMPT, (event,)).fetchone() is not None:
                self._sweeps.note(Kind.ATTEMPTS, event)
