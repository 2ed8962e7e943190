"""Messages, usage and erasures of another store, as rows. Repeating a record changes nothing."""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.store.keys import message_key
from gateway.store.progress import holds_until
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.records.outgoing_rows import STAGES
from gateway.store.transfer.ledgers import (
    CountedRecord,
    DepartedRecord,
    ErasedRecord,
    ErasureRecord,
    MessageRecord,
)
from gateway.store.usage import Usage

_MESSAGE = """
    INSERT OR REPLACE INTO outgoing (key, id, customer_id, page, line, conversation, stage, due_at,
        holds_until, state, begun_at, record, progress)
    VALUES (?, ?, ?, ?, ?, (SELECT key FROM conversations WHERE id = ?), ?, ?, ?, ?, ?, ?, ?)
"""
_PART = "INSERT OR IGNORE INTO outgoing_parts (message, outgoing, part) VALUES (?, ?, ?)"
_USAGE = "INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?, ?, ?)"
# All events that are here were counted where they come from.
_TALLIED = """
    INSERT OR REPLACE INTO facts (name, value)
    SELECT 'usage_counted', coalesce(max(key), 0) FROM events
"""
_COUNTED = "INSERT OR IGNORE INTO counted_conversations (month, name) VALUES (?, ?)"
_ERASED = "INSERT OR IGNORE INTO erased_conversations (digest) VALUES (?)"
_DEPARTED = "INSERT OR IGNORE INTO departed (period, digest) VALUES (?, ?)"
_ERASURE = """
    INSERT INTO erasures (id, code, state, requested_at, finished_at, erased, plan)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""


class Ledgers:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._registry = registry

    def messages(self, records: Sequence[MessageRecord], last: int) -> int:
        """Messages behind the one with the key `last`; the key of the last one now."""
        for one in records:
            last = max(last + 1, first_key(one.at))
            message, progress = one.message, one.progress
            page = self._registry.page(message.platform, message.page_id)
            about = (last, message.id, message.customer_id, page, message.line, one.conversation_id)
            queue = (STAGES[progress.stage], progress.due_at, holds_until(progress))
            record = (msgspec.json.encode(message), msgspec.json.encode(progress))
            self._execute(_MESSAGE, (*about, *queue, progress.state, progress.begun_at, *record))
            for number, part in enumerate(progress.parts):
                if part.message_id is not None:
                    self._execute(_PART, (message_key(page, part.message_id), last, number))
        return last

    def usage(self, records: Sequence[Usage]) -> None:
        """What accounts were used for."""
        for one in records:
            page = self._registry.page(one.platform, one.page_id)
            counts = (one.messages_received, one.messages_sent, one.conversations)
            self._execute(_USAGE, (one.month, one.customer_id, page, *counts))
        self._execute(_TALLIED)

    def counted(self, records: Sequence[CountedRecord]) -> None:
        """Conversations that months have counted."""
        self._executemany(_COUNTED, [(one.month, one.name) for one in records])

    def erased(self, records: Sequence[ErasedRecord]) -> None:
        """Conversations whose ids are not given again."""
        self._executemany(_ERASED, [(bytes.fromhex(one.digest),) for one in records])

    def departed(self, records: Sequence[DepartedRecord]) -> None:
        """What is remembered of the identities of the erased."""
        self._executemany(_DEPARTED, [(one.period, one.digest) for one in records])

    def erasures(self, records: Sequence[ErasureRecord]) -> None:
        """Erasures that are over, or wait."""
        for record in records:
            one, plan = record.erasure, record.plan
            about = (one.id, one.code, one.state, one.requested_at, one.finished_at, one.erased)
            self._execute(_ERASURE, (*about, None if plan is None else msgspec.json.encode(plan)))
