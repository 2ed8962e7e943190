"""Events of another store, as rows. Repeating a record changes nothing."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from adapters.event import Event
from gateway.store.keys import message_key, period, remembered_as
from gateway.store.placement import new_message_id
from gateway.store.sqlite.events.settlement import attempt_row
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.lines import BEHIND, TRIED, UNTRIED
from gateway.store.sqlite.layout.registry import NATIVE, NOBODY, Registry
from gateway.store.transfer.events import DeliveryRecord, EventRecord, HeldRecord, SeenRecord

_CONVERSATION = "SELECT key FROM conversations WHERE id = ?"
_ENDPOINT = "SELECT key FROM endpoints WHERE id = ?"
_EVENT = """
    INSERT OR REPLACE INTO events (key, id, name, page, conversation, received_at, customers, body, envelope,
        element_start, element_end, revision, superseded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LISTING = "INSERT OR REPLACE INTO listings (customer, event, name, page) VALUES (?, ?, ?, ?)"
_EMPTYING = "INSERT OR REPLACE INTO emptying (event, gone) VALUES (?, ?)"
_SEEN = "INSERT OR REPLACE INTO seen (period, id, event) VALUES (?, ?, ?)"
# The state of the conversation goes along: it is what the last place says.
_PLACE = """
    INSERT OR IGNORE INTO places (conversation, event, sequence, last_inbound_at, message)
    SELECT conversation, ?2, sequence, last_inbound_at, ?3 FROM places WHERE conversation = ?1
    ORDER BY event DESC LIMIT 1
"""
_RANK = """
    INSERT INTO status_ranks (period, message, rank) VALUES (?, ?, ?)
    ON CONFLICT (period, message) DO UPDATE SET rank = max(rank, excluded.rank)
"""
_OPEN = """
    INSERT OR REPLACE INTO open_deliveries (event, endpoint, line, stage, due_at, claim, tried,
        first_failed_at, replay, created_at, format, include_raw)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FINISHED = "INSERT OR REPLACE INTO finished_deliveries VALUES (?, ?, ?, ?, ?, ?)"
_ATTEMPT = "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_NOTHING_HELD = "DELETE FROM held"
_HELD = "INSERT INTO held (page, message, release_at, arrival) VALUES (?, ?, ?, ?)"
_STAGES = {"untried": UNTRIED, "tried": TRIED, "behind": BEHIND}
_NO_ELEMENT = (None, None)
_decoder = msgspec.json.Decoder(Event)


class Events:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._registry = registry

    def events(self, records: Sequence[EventRecord], last: int) -> int:
        """Events behind the one with the key `last`; the key of the last one now."""
        for record in records:
            last = max(last + 1, first_key(record.at))
            page = self._registry.page(record.platform, record.page_id)
            conversation = self._found(_CONVERSATION, record.conversation_id)
            self._store(last, record, page, conversation)
            self._remember(last, record, page, conversation)
            for delivery in record.deliveries:
                self._deliver(last, delivery, conversation)
        return last

    def seen(self, records: Sequence[SeenRecord]) -> None:
        """Ids of events that are not stored."""
        self._executemany(_SEEN, [(one.period, one.name, None) for one in records])

    def held(self, records: Sequence[HeldRecord]) -> None:
        """All that waits for its message, which is never much."""
        self._execute(_NOTHING_HELD)
        for one in records:
            event, target = one.arrival.decoded.event, one.arrival.decoded.target or ""
            page = self._registry.page(event.platform, event.page_id)
            waiting = (page, message_key(page, target), one.release_at, msgspec.json.encode(one.arrival))
            self._execute(_HELD, waiting)

    def _store(self, key: int, one: EventRecord, page: int, conversation: int | None) -> None:
        about = (key, one.id, one.name, page, conversation, one.received_at, " ".join(one.customer_ids))
        element = (one.envelope, *(one.element or _NO_ELEMENT))
        superseded_by = " ".join(one.superseded_by) or None
        self._execute(_EVENT, (*about, one.body, *element, one.revision, superseded_by))
        known = [self._registry.customer(customer) for customer in one.customer_ids]
        customers = [customer for customer in known if customer is not None] or [NOBODY]
        self._executemany(_LISTING, [(customer, key, one.name, page) for customer in customers])
        if one.content != "kept":
            self._execute(_EMPTYING, (key, one.content == "removed"))

    def _remember(self, key: int, one: EventRecord, page: int, conversation: int | None) -> None:
        """What is remembered because of it: its id, its message, how far messages have come."""
        age, event = period(one.received_at), _decoder.decode(one.body)
        self._execute(_SEEN, (age, remembered_as(one.id), key))
        if conversation is not None:
            message_id = new_message_id(event)
            message = None if message_id is None else message_key(page, message_id)
            self._execute(_PLACE, (conversation, key, message))
        self._executemany(_RANK, [(age, message_key(page, told), rank) for told, rank in _ranks(event)])

    def _deliver(self, event: int, one: DeliveryRecord, conversation: int | None) -> None:
        endpoint = self._key(_ENDPOINT, one.endpoint_id)
        rows = [attempt_row((event, endpoint, claim), attempt) for claim, attempt in one.attempts]
        self._executemany(_ATTEMPT, rows)
        if one.state in ("delivered", "dead"):
            row = (event, endpoint, one.state, one.claim, one.created_at, one.finished_at)
            self._execute(_FINISHED, row)
            return
        line = conversation if one.in_line else None
        due = (line, _STAGES[one.state], one.due_at, one.claim, one.tries, one.first_failed_at, one.replay)
        form = (None if one.format == NATIVE else one.format, one.include_raw)
        self._execute(_OPEN, (event, endpoint, *due, one.created_at, *form))

    def _key(self, query: str, identifier: str | None) -> int:
        """Raises LookupError: what names it has been written before."""
        key = self._found(query, identifier)
        if key is None:
            raise LookupError(identifier)
        return key

    def _found(self, query: str, identifier: str | None) -> int | None:
        row = self._execute(query, (identifier,)).fetchone()
        return None if row is None else int(row[0])


def _ranks(event: Event) -> Iterator[tuple[str, Any]]:
    """The messages that a status is about, and how far they are by that."""
    if event.status is not None and event.status.rank is not None:
        for message_id in event.status.message_ids:
            yield message_id, event.status.rank
