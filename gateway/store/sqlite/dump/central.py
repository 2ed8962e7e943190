"""Quarantine, keyed requests, runs and places in the log, as records for another store."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from gateway.store.paging import keys_of
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay
from gateway.store.sqlite.layout.keys import moment_of
from gateway.store.sqlite.runs.elements import EVENTS
from gateway.store.sqlite.runs.renormalisations import read_renormalisation
from gateway.store.sqlite.runs.replay_reads import read_replay
from gateway.store.transfer.records import (
    KeyedRecord,
    LeavingRecord,
    PlaceRecord,
    QuarantineRecord,
    RenormalisationRecord,
    ReplayRecord,
)

_QUARANTINE = "SELECT * FROM quarantine WHERE key > ? ORDER BY key LIMIT ?"
_KEYED = """
    SELECT key, fingerprint, begun_at, answer FROM keyed_requests WHERE hex(key) > ? ORDER BY hex(key) LIMIT ?
"""
_REPLAYS = "SELECT key, id, position, due_at FROM replays WHERE key > ? ORDER BY key LIMIT ?"
_RUNS = "SELECT key, id, due_at FROM renormalisations WHERE key > ? ORDER BY key LIMIT ?"
_PLACES = """
    SELECT id, acknowledged FROM endpoints
    WHERE acknowledged IS NOT NULL AND record IS NOT NULL AND id > ? ORDER BY id LIMIT ?
"""
_LEAVING = """
    SELECT c.id, e.id FROM customers c JOIN events e
    ON e.key = (SELECT max(event) FROM listings WHERE customer = c.key AND event <= c.emptying_from)
    WHERE c.id > ? ORDER BY c.id LIMIT ?
"""
_REACHED = "SELECT id FROM events WHERE key <= ? ORDER BY key DESC LIMIT 1"
_READ_AGAIN = "SELECT count(*) FROM quarantine WHERE key <= ?"


def quarantined(
    connection: sqlite3.Connection, after: str, limit: int
) -> Iterator[tuple[str, QuarantineRecord]]:
    """What could not be read, the oldest first."""
    for key, platform, received_at, reason, pointer, body in _after(connection, _QUARANTINE, after, limit):
        record = QuarantineRecord(
            at=moment_of(key),
            platform=platform,
            received_at=received_at,
            reason=reason,
            pointer=pointer,
            body=body,
        )
        yield str(key), record


def keyed(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, KeyedRecord]]:
    """Requests, in the order of their keys."""
    for key, fingerprint, begun_at, answer in connection.execute(_KEYED, (after, limit)).fetchall():
        record = KeyedRecord(key=key, fingerprint=fingerprint, begun_at=begun_at, answer=answer)
        yield bytes(key).hex().upper(), record


def replays(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, ReplayRecord]]:
    """Replays, in their order."""
    for key, identifier, position, due_at in _after(connection, _REPLAYS, after, limit):
        replay: Replay | None = read_replay(connection, None, identifier)
        if replay is not None:
            runs = replay.state == "running"
            record = ReplayRecord(
                number=key,
                replay=replace(replay, cursor=""),
                due_at=due_at if runs else None,
                reached=_reached(connection, position) if runs else None,
            )
            yield str(key), record


def renormalisations(
    connection: sqlite3.Connection, after: str, limit: int
) -> Iterator[tuple[str, RenormalisationRecord]]:
    """Re-normalisations, in their order."""
    for key, identifier, due_at in _after(connection, _RUNS, after, limit):
        run = read_renormalisation(connection, None, identifier)
        if run is not None:
            yield str(key), _renormalisation(connection, key, run, due_at)


def _renormalisation(
    connection: sqlite3.Connection, key: int, run: Renormalisation, due_at: int
) -> RenormalisationRecord:
    reached, unreadable = None, None
    if run.state == "running" and run.position:
        part, place = keys_of(run.position, 2)
        if part == EVENTS:
            reached = _reached(connection, place)
        else:
            (unreadable,) = connection.execute(_READ_AGAIN, (place,)).fetchone()
    return RenormalisationRecord(
        number=key,
        run=replace(run, position="", cursor=""),
        due_at=due_at if run.state == "running" else None,
        reached=reached,
        unreadable=unreadable,
    )


def places(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, PlaceRecord]]:
    """How far each endpoint that pulls has come."""
    for identifier, acknowledged in connection.execute(_PLACES, (after, limit)).fetchall():
        reached = _reached(connection, acknowledged)
        yield identifier, PlaceRecord(endpoint_id=identifier, reached=reached)


def leaving(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, LeavingRecord]]:
    """Up to where each customer's events are known as such whose contents go early."""
    for identifier, reached in connection.execute(_LEAVING, (after, limit)).fetchall():
        yield identifier, LeavingRecord(customer_id=identifier, reached=reached)


def _after(connection: sqlite3.Connection, query: str, after: str, limit: int) -> Sequence[Any]:
    return connection.execute(query, (int(after or -1), limit)).fetchall()


def _reached(connection: sqlite3.Connection, key: int) -> str | None:
    """The id of the last event up to a key."""
    row = connection.execute(_REACHED, (key,)).fetchone()
    return None if row is None else str(row[0])
