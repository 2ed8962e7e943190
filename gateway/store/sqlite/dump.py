"""The file's content as records for another store. The gateway is stopped meanwhile."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from gateway.store.base import Conflict
from gateway.store.records import Arrival
from gateway.store.replay import Replay
from gateway.store.sqlite.configuration_reads import ConfigurationReads
from gateway.store.sqlite.dump_events import events
from gateway.store.sqlite.dump_people import contacts, groups
from gateway.store.sqlite.readers import Readers
from gateway.store.sqlite.replay_reads import read_replay
from gateway.store.transfer import (
    HeldRecord,
    KeyedRecord,
    Kind,
    PlaceRecord,
    QuarantineRecord,
    ReplayRecord,
    SeenRecord,
    Setup,
    Stretch,
    TransferRecord,
)
from gateway.vault import Vault

COVERED = frozenset(
    {
        *("customers", "api_keys", "apps", "accounts", "endpoints", "keyed_requests", "pages"),
        *("contacts", "identities", "conversations", "places", "watermarks"),
        *("seen", "events", "listings", "emptying", "open_deliveries", "finished_deliveries", "attempts"),
        *("held", "quarantine", "replays"),
    }
)
"""Tables whose content is carried over."""
LEFT = {
    "facts": "of this file alone: its key check, its heartbeat",
    "status_ranks": "made again from the status events",
    "outgoing": "the store on Redis has no outbox yet: a file with messages on their way is not left",
    "outgoing_parts": "as outgoing",
    "usage": "the store on Redis counts none yet",
    "usage_conversations": "as usage",
    "profiles": "asked for again; the store on Redis keeps none yet",
    "encounters": "found again with the next message",
    "consents": "the store on Redis, which sends nothing, keeps none yet",
    "stale_identities": "as consents",
    "distinct_contacts": "as consents",
    "erasures": "a file with erasures under way is not left; what is over is over",
    "erased_conversations": "as erasures",
    "degraded": "as outgoing: the next send finds out",
    "late_endings": "of a sweep over the file; in the new store it begins anew",
    "renormalisations": "of the file's own order of events; one that has not ended is asked for again",
}
"""Tables that are left on purpose, and why."""
_COUNTER = (1 << 20) - 1
_SEEN = """
    SELECT s.period, s.id FROM seen s LEFT JOIN events e ON e.key = s.event
    WHERE e.key IS NULL AND (s.period, s.id) > (?, ?) ORDER BY s.period, s.id LIMIT ?
"""
# All at once: what waits for one message is one record in another store, and it is never more than seconds.
_HELD = "SELECT key, release_at, arrival FROM held WHERE key > ? ORDER BY key"
_QUARANTINE = "SELECT * FROM quarantine WHERE key > ? ORDER BY key LIMIT ?"
_KEYED = """
    SELECT key, fingerprint, begun_at, answer FROM keyed_requests WHERE hex(key) > ? ORDER BY hex(key) LIMIT ?
"""
_REPLAYS = "SELECT key, id, position, due_at FROM replays WHERE key > ? ORDER BY key LIMIT ?"
_PLACES = """
    SELECT key, id, acknowledged FROM endpoints
    WHERE acknowledged IS NOT NULL AND record IS NOT NULL AND key > ? ORDER BY key LIMIT ?
"""
_REACHED = "SELECT id FROM events WHERE key <= ? ORDER BY key DESC LIMIT 1"
_OWNERS = "SELECT e.id, c.id FROM endpoints e JOIN customers c ON c.key = e.customer"
_OUTGOING = "SELECT count(*) FROM outgoing WHERE stage < 5"
_ERASING = "SELECT count(*) FROM erasures WHERE state <> 'done'"
_SOURCE_QUERY = "SELECT value FROM facts WHERE name = 'encryption_check'"

_Rows = Iterator[tuple[str, TransferRecord]]
"""Each record with the cursor behind it."""


def dump(connection: sqlite3.Connection, kind: Kind, after: str, limit: int) -> Stretch:
    """The next records of any kind but `setup`."""
    found = list(_READERS[kind](connection, after, limit))
    return Stretch(
        kind=kind,
        records=tuple(record for _, record in found),
        cursor=found[-1][0] if found else after,
        more=len(found) >= limit,
    )


def _owners(connection: sqlite3.Connection) -> dict[str, str]:
    """Whose each endpoint is, deleted ones too."""
    return dict(connection.execute(_OWNERS))


def _source(connection: sqlite3.Connection) -> str:
    """What no other file has: the value that was sealed when it was made. Raises Conflict."""
    (outgoing,) = connection.execute(_OUTGOING).fetchone()
    if outgoing:
        raise Conflict(
            f"{outgoing} messages are on their way out, and Redis keeps none: let them be sent first"
        )
    (erasing,) = connection.execute(_ERASING).fetchone()
    if erasing:
        raise Conflict(f"{erasing} erasures are under way: let them end first")
    (value,) = connection.execute(_SOURCE_QUERY).fetchone()
    return bytes(value).hex()


def _total(connection: sqlite3.Connection) -> int:
    """How many events there are."""
    (count,) = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(count)


def _seen(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    period, _, identifier = after.partition(" ")
    for row in connection.execute(_SEEN, (int(period or -1), identifier, limit)).fetchall():
        yield f"{row[0]} {row[1]}", SeenRecord(period=row[0], id=row[1])


def _held(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    for key, release_at, arrival in connection.execute(_HELD, (int(after or -1),)).fetchall():
        yield str(key), HeldRecord(release_at=release_at, arrival=msgspec.json.decode(arrival, type=Arrival))


def _quarantine(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    for key, platform, received_at, reason, pointer, body in _after(connection, _QUARANTINE, after, limit):
        yield (
            str(key),
            QuarantineRecord(
                at=key >> 20,
                count=key & _COUNTER,
                platform=platform,
                received_at=received_at,
                reason=reason,
                pointer=pointer,
                body=body,
            ),
        )


def _keyed(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    for key, fingerprint, begun_at, answer in connection.execute(_KEYED, (after, limit)).fetchall():
        record = KeyedRecord(key=key, fingerprint=fingerprint, begun_at=begun_at, answer=answer)
        yield bytes(key).hex().upper(), record


def _replays(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    for key, identifier, position, due_at in _after(connection, _REPLAYS, after, limit):
        replay: Replay | None = read_replay(connection, None, identifier)
        if replay is not None:
            reached = _reached(connection, position)
            yield str(key), ReplayRecord(number=key, replay=replay, due_at=due_at, reached=reached)


def _places(connection: sqlite3.Connection, after: str, limit: int) -> _Rows:
    for key, identifier, acknowledged in _after(connection, _PLACES, after, limit):
        yield (
            str(key),
            PlaceRecord(endpoint_id=identifier, reached=_reached(connection, acknowledged)),
        )


def _after(connection: sqlite3.Connection, query: str, after: str, limit: int) -> Sequence[Any]:
    return connection.execute(query, (int(after or -1), limit)).fetchall()


def _reached(connection: sqlite3.Connection, key: int) -> str | None:
    """The id of the last event up to a key."""
    row = connection.execute(_REACHED, (key,)).fetchone()
    return None if row is None else str(row[0])


_READERS: dict[Kind, Callable[[sqlite3.Connection, str, int], _Rows]] = {
    "contacts": contacts,
    "groups": groups,
    "seen": _seen,
    "events": events,
    "held": _held,
    "quarantine": _quarantine,
    "keyed": _keyed,
    "replays": _replays,
    "places": _places,
}


class Leaving:
    """A file whose content goes into another store. The store on it is open, and nothing else uses it."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._readers = Readers(path)
        self._configuration = ConfigurationReads(vault)

    async def close(self) -> None:
        """Let go of the file."""
        await self._readers.close()

    async def source(self) -> str:
        """What names this file and no other."""
        return await self._readers.run(_source)

    async def total(self) -> int:
        """How many events there are."""
        return await self._readers.run(_total)

    async def stretch(self, kind: Kind, after: str, limit: int) -> Stretch:
        """The next records of a kind."""
        if kind == "setup":
            configuration = await self._readers.run(self._configuration.read)
            setup = Setup(configuration=configuration, owners=await self._readers.run(_owners))
            return Stretch(kind=kind, records=(setup,), cursor="", more=False)
        return await self._readers.run(dump, kind, after, limit)
