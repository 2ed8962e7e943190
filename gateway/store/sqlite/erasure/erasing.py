"""The deletions that an erasure is made of. Used by the writer only."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from gateway.contacts.naming import concerns, mentions, names
from gateway.store.departed import Fingerprints, marks
from gateway.store.keys import period, remembered_as
from gateway.store.records import Arrival
from gateway.store.sqlite.central.keyed import KeyedRequests
from gateway.store.sqlite.erasure.trail import Trail
from gateway.store.sqlite.layout.keys import erased_digest
from gateway.store.sqlite.layout.lines import Lines

_PERSON = (
    "DELETE FROM stale_identities WHERE identity IN (SELECT key FROM identities WHERE contact = ?)",
    "DELETE FROM profiles WHERE identity IN (SELECT key FROM identities WHERE contact = ?)",
    "DELETE FROM identities WHERE contact = ?",
    "DELETE FROM encounters WHERE contact = ?",
    "DELETE FROM consents WHERE contact = ?",
    "DELETE FROM distinct_contacts WHERE one = ?",
    "DELETE FROM distinct_contacts WHERE other = ?",
    "DELETE FROM contacts WHERE merged_into = ?",
    "DELETE FROM contacts WHERE key = ?",
)
_DEPART = "INSERT OR IGNORE INTO departed (period, digest) VALUES (?, ?)"
_SIDE = (
    "DELETE FROM encounters WHERE contact = ? AND page = ?",
    "DELETE FROM consents WHERE contact = ? AND page = ?",
)
_CONVERSATION = (
    "DELETE FROM watermarks WHERE conversation = ?",
    "DELETE FROM conversations WHERE key = ?",
)
_REMEMBER = "INSERT OR IGNORE INTO erased_conversations (digest) VALUES (?)"
_ID = "SELECT id FROM events WHERE key = ?"
_LINES = "SELECT endpoint, line FROM open_deliveries WHERE event = ? AND line IS NOT NULL"
_TOMBSTONE = "UPDATE seen SET event = NULL WHERE id = ? AND period IN (SELECT DISTINCT period FROM seen)"
_EVENT = (
    "DELETE FROM open_deliveries WHERE event = ?",
    "DELETE FROM finished_deliveries WHERE event = ?",
    "DELETE FROM attempts WHERE event = ?",
    "DELETE FROM emptying WHERE event = ?",
    "DELETE FROM listings WHERE event = ? AND customer IN (SELECT 0 UNION SELECT key FROM customers)",
    "DELETE FROM events WHERE key = ?",
)
_PLACES = "SELECT event FROM places WHERE conversation = ? LIMIT ?"
_NO_PLACE = "DELETE FROM places WHERE conversation = ? AND event = ?"
_SENT = (
    "DELETE FROM outgoing_parts WHERE outgoing IN (SELECT key FROM outgoing WHERE {which})",
    "DELETE FROM outgoing WHERE {which}",
)
_IN_CONVERSATION = "conversation = ?"
_TO = """
    page = ? AND json_extract(record, '$.to.value') = ? AND EXISTS (
        SELECT 1 FROM json_each(?)
        WHERE value = coalesce(json_extract(record, '$.waba_id'), value)
    )
"""
_RUNS = "DELETE FROM {table} WHERE instr(CAST(record AS TEXT), ?)"
_HELD = "SELECT key, arrival FROM held"
_QUARANTINE = "SELECT key, body FROM quarantine"


class Eraser:
    """Deletes rows; what remains is a tombstone for each event's id."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        lines: Lines,
        keyed: KeyedRequests,
        fingerprints: Fingerprints,
    ) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._lines = lines
        self._keyed = keyed
        self._fingerprints = fingerprints

    def person(self, trail: Trail, now: int) -> None:
        """Who it was. Conversation ids are kept as hashes, so that none is given to anybody again; identities
        for a while, so that nobody is made of them by what still comes about the person.

        Messages on their way go too: an outcome that came later would be news of somebody unknown.
        """
        self._sent(trail)
        self._executemany(_REMEMBER, [(erased_digest(one),) for one in trail.conversation_ids])
        for query in _CONVERSATION:
            self._executemany(query, [(one,) for one in trail.conversations])
        contacts = [(one,) for one in trail.contacts]
        if trail.whole:
            for query in _PERSON:
                self._executemany(query, contacts)
            departed = marks(self._fingerprints, trail.plan.platform, trail.identities)
            self._executemany(_DEPART, [(period(now), hashes[0]) for hashes in departed])
        else:
            for query in _SIDE:
                self._executemany(query, [(one, page) for (one,) in contacts for page in trail.pages])

    def events(self, keys: Sequence[int]) -> None:
        """Events with all that hangs on them. Who waited behind one of them goes on."""
        lines = {line for key in keys for line in self._execute(_LINES, (key,)).fetchall()}
        ids = [self._execute(_ID, (key,)).fetchone() for key in keys]
        self._executemany(_TOMBSTONE, [(remembered_as(row[0]),) for row in ids if row is not None])
        for query in _EVENT:
            self._executemany(query, [(key,) for key in keys])
        self._lines.release(lines)

    def rest(self, trail: Trail, limit: int) -> bool:
        """Everything else. Whether there is more to do."""
        if any(self._places(conversation, limit) for conversation in trail.conversations):
            return True
        for table in ("replays", "renormalisations"):
            self._executemany(_RUNS.format(table=table), [(one,) for one in trail.conversation_ids])
        self._drop("held", self._naming_held(trail))
        rows = self._execute(_QUARANTINE).fetchall()
        self._drop("quarantine", (key for key, body in rows if mentions(body, trail.values)))
        self._keyed.forget_about(lambda body: names(body, (*trail.values, *trail.conversation_ids)))
        return False

    def _sent(self, trail: Trail) -> None:
        """Messages to the person, on their way or sent."""
        for query in _SENT:
            self._executemany(query.format(which=_IN_CONVERSATION), [(one,) for one in trail.conversations])
            scopes = msgspec.json.encode(trail.scopes).decode()
            to = [(page, value, scopes) for page in trail.pages for value in trail.values]
            self._executemany(query.format(which=_TO), to)

    def _places(self, conversation: int, limit: int) -> bool:
        rows = self._execute(_PLACES, (conversation, limit)).fetchall()
        self._executemany(_NO_PLACE, [(conversation, event) for (event,) in rows])
        return bool(rows)

    def _naming_held(self, trail: Trail) -> Iterable[int]:
        for key, content in self._execute(_HELD).fetchall():
            if concerns(msgspec.json.decode(content, type=Arrival), trail.values, trail.scopes):
                yield key

    def _drop(self, table: str, keys: Iterable[int]) -> None:
        self._executemany(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])
