"""What belongs to nobody in particular, of another store, as rows. Repeating a record changes nothing."""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.store.keys import remembered_as
from gateway.store.paging import cursor
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.records.seen import KEY_OF_EVENT
from gateway.store.sqlite.runs.elements import EVENTS, QUARANTINE
from gateway.store.transfer.records import (
    KeyedRecord,
    LeavingRecord,
    PlaceRecord,
    QuarantineRecord,
    RenormalisationRecord,
    ReplayRecord,
)

_QUARANTINE = "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?)"
_KEYED = "INSERT OR REPLACE INTO keyed_requests (key, fingerprint, begun_at, answer) VALUES (?, ?, ?, ?)"
_REPLAY = """
    INSERT OR REPLACE INTO replays (key, id, customer_id, state, position, due_at, done, finished_at, record)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_RENORMALISATION = """
    INSERT OR REPLACE INTO renormalisations (key, id, customer_id, state, position, due_at, examined, revised,
        added, finished_at, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_PLACE = "UPDATE endpoints SET acknowledged = ? WHERE id = ?"
_LEAVING = "UPDATE customers SET emptying_from = ? WHERE id = ?"
_UNREADABLE = "SELECT key FROM quarantine ORDER BY key LIMIT 1 OFFSET ?"


class Central:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def quarantined(self, records: Sequence[QuarantineRecord], last: int) -> int:
        """What could not be read, behind the key `last`; the last key now."""
        for one in records:
            last = max(last + 1, first_key(one.at))
            about = (one.platform, one.received_at, one.reason, one.pointer)
            self._execute(_QUARANTINE, (last, *about, one.body))
        return last

    def keyed(self, records: Sequence[KeyedRecord]) -> None:
        """Requests under an `Idempotency-Key`."""
        for one in records:
            self._execute(_KEYED, (one.key, one.fingerprint, one.begun_at, one.answer))

    def replays(self, records: Sequence[ReplayRecord]) -> None:
        """Replays, under way and over."""
        for one in records:
            replay = one.replay
            about = (one.number, replay.id, replay.customer_id, replay.state, self._key_of(one.reached))
            ends = (replay.done, replay.finished_at, msgspec.json.encode(replay))
            self._execute(_REPLAY, (*about, one.due_at or 0, *ends))

    def renormalisations(self, records: Sequence[RenormalisationRecord]) -> None:
        """Re-normalisations, under way and over."""
        for one in records:
            run = one.run
            about = (one.number, run.id, run.plan.customer_id, run.state, self._position(one))
            counts = (run.examined, run.revised, run.added)
            ends = (run.finished_at, msgspec.json.encode(run))
            self._execute(_RENORMALISATION, (*about, one.due_at or 0, *counts, *ends))

    def places(self, records: Sequence[PlaceRecord]) -> None:
        """How far endpoints that pull have come."""
        for one in records:
            self._execute(_PLACE, (self._key_of(one.reached), one.endpoint_id))

    def leaving(self, records: Sequence[LeavingRecord]) -> None:
        """Up to where customers' events are known as such whose contents go early."""
        for one in records:
            self._execute(_LEAVING, (self._key_of(one.reached), one.customer_id))

    def _position(self, one: RenormalisationRecord) -> str:
        if one.unreadable is None:
            return "" if one.reached is None else cursor(EVENTS, self._key_of(one.reached))
        if one.unreadable == 0:
            return cursor(QUARANTINE, 0)
        (key,) = self._execute(_UNREADABLE, (one.unreadable - 1,)).fetchone()
        return cursor(QUARANTINE, key)

    def _key_of(self, event_id: str | None) -> int:
        """The key of an event; 0: there is none."""
        row = None if event_id is None else self._execute(KEY_OF_EVENT, (remembered_as(event_id),)).fetchone()
        return 0 if row is None else int(row[0])
