"""People of another store, as rows. Repeating a record changes nothing."""

import sqlite3
from collections.abc import Sequence

from gateway.store.sqlite.registry import Registry
from gateway.store.transfer.people import ContactRecord, ConversationRecord

_KEY = "SELECT key FROM {table} WHERE id = ?"
_TAKEN = "SELECT 1 FROM {table} WHERE key = ?"
_CONTACT = "INSERT OR IGNORE INTO contacts (key, id, name, username, created_at) VALUES (?, ?, ?, ?, ?)"
_IDENTITY = (
    "INSERT OR IGNORE INTO identities (platform, kind, scope, value, contact, former)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
# One that goes on as another may have been named by that one before.
_CONVERSATION = """
    INSERT INTO conversations (key, id, page, contact, thread, started) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET contact = excluded.contact, started = excluded.started
"""
_ENDED = """
    INSERT INTO conversations (key, id, page, continued_by) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (id) DO UPDATE SET continued_by = excluded.continued_by
"""
# The last place of a conversation is its state; the events, which come later, hand it on.
_STATE = """
    INSERT OR IGNORE INTO places (conversation, event, sequence, last_inbound_at) VALUES (?, 0, ?, ?)
"""
_WATERMARK = "INSERT OR REPLACE INTO watermarks (conversation, rank, watermark_ms) VALUES (?, ?, ?)"


class People:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._registry = registry

    def contacts(self, records: Sequence[ContactRecord]) -> None:
        """People with their identities and conversations."""
        for one in records:
            key = self._key("contacts", one.id, one.key)
            self._execute(_CONTACT, (key, one.id, one.name, one.username, one.created_at))
            held = [(i.platform, i.kind, i.scope, i.value, key, i.former) for i in one.identities]
            self._executemany(_IDENTITY, held)
            for conversation in one.conversations:
                self._conversation(conversation, key)

    def groups(self, records: Sequence[ConversationRecord]) -> None:
        """Conversations with groups."""
        for one in records:
            self._conversation(one, None)

    def _conversation(self, one: ConversationRecord, contact: int | None) -> None:
        key, page = (
            self._key("conversations", one.id, one.key),
            self._registry.page(one.platform, one.page_id),
        )
        self._execute(_CONVERSATION, (key, one.id, page, contact, one.thread, one.started))
        self._execute(_STATE, (key, one.sequence, one.last_inbound_at))
        for ended in one.ended:
            self._execute(_ENDED, (self._key("conversations", ended, one.key + 1), ended, page, key))
        marks = [(key, int(rank), mark) for rank, mark in one.watermarks.items()]
        self._executemany(_WATERMARK, marks)

    def _key(self, table: str, identifier: str, wanted: int) -> int:
        """The row's own key, or the next one that is free: another store may give one twice."""
        row = self._execute(_KEY.format(table=table), (identifier,)).fetchone()
        if row is not None:
            return int(row[0])
        while self._execute(_TAKEN.format(table=table), (wanted,)).fetchone() is not None:
            wanted += 1
        return wanted
