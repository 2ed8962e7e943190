"""People of another store, as rows. Repeating a record changes nothing."""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.contacts.resolution import GIVEN
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.transfer.people import (
    ContactRecord,
    ConversationRecord,
    EndedRecord,
    IdentityRecord,
    ProfileRecord,
)

_KEY = "SELECT key FROM {table} WHERE id = ?"
_TAKEN = "SELECT 1 FROM {table} WHERE key = ?"
_CONTACT = "INSERT OR IGNORE INTO contacts (key, id, name, username, created_at) VALUES (?, ?, ?, ?, ?)"
_ALIAS = "INSERT OR IGNORE INTO contacts (key, id, created_at, merged_into) VALUES (?, ?, ?, ?)"
_IDENTITY = """
    INSERT INTO identities (platform, kind, scope, value, contact, former, holder)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (platform, kind, scope, value, holder) DO UPDATE SET former = excluded.former
    RETURNING key
"""
_STALE = """
    INSERT OR REPLACE INTO stale_identities (platform, scope, identity, reason, at) VALUES (?, ?, ?, ?, ?)
"""
_PROFILE = "INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?, ?, ?)"
_MET = "INSERT OR IGNORE INTO encounters (contact, page) VALUES (?, ?)"
_CONSENT = "INSERT OR REPLACE INTO consents VALUES (?, ?, ?, ?, ?, ?, ?)"
_APART = """
    INSERT OR IGNORE INTO distinct_contacts (one, other)
    SELECT min(key, ?1), max(key, ?1) FROM contacts WHERE id = ?2
"""
_CONVERSATION = """
    INSERT OR IGNORE INTO conversations (key, id, page, contact, thread, started, continued_by)
    VALUES (?, ?, ?, ?, ?, ?, ?)
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
            for alias in one.aliases:
                row = (self._key("contacts", alias, one.key + 1), alias, one.created_at, key)
                self._execute(_ALIAS, row)
            for identity in one.identities:
                self._identity(identity, key)
            self._said(one, key)
            for conversation in one.conversations:
                self._conversation(conversation, key)

    def groups(self, records: Sequence[ConversationRecord]) -> None:
        """Conversations with groups."""
        for one in records:
            self._conversation(one, None)

    def _identity(self, one: IdentityRecord, contact: int) -> None:
        place = (one.platform, one.kind, one.scope, one.value)
        holder = contact if one.kind in GIVEN else 0
        (key,) = self._execute(_IDENTITY, (*place, contact, one.former, holder)).fetchone()
        if one.stale is not None:
            self._execute(_STALE, (one.platform, one.scope, key, *one.stale))
        if one.profile is not None:
            self._execute(_PROFILE, (key, *_told(one.profile)))

    def _said(self, one: ContactRecord, key: int) -> None:
        """What is known of the person beyond names and messages."""
        self._executemany(_MET, [(key, self._registry.page(*page)) for page in one.met])
        for consent in one.consents:
            page = self._registry.page(consent.platform, consent.page_id)
            said = (consent.state, consent.source, consent.at, consent.expires_at)
            self._execute(_CONSENT, (key, page, consent.topic, *said))
        self._executemany(_APART, [(key, other) for other in one.apart])

    def _conversation(self, one: ConversationRecord, contact: int | None) -> None:
        page = self._registry.page(one.platform, one.page_id)
        key = self._state(one, (page, contact, one.thread, one.started, None))
        for ended in one.ended:
            self._state(ended, (page, None, None, ended.started, key))
        marks = [(key, int(rank), mark) for rank, mark in one.watermarks.items()]
        self._executemany(_WATERMARK, marks)

    def _state(self, one: ConversationRecord | EndedRecord, about: tuple[int | str | None, ...]) -> int:
        """Write a conversation and how it stands; its key."""
        key = self._key("conversations", one.id, one.key)
        self._execute(_CONVERSATION, (key, one.id, *about))
        self._execute(_STATE, (key, one.sequence, one.last_inbound_at))
        return key

    def _key(self, table: str, identifier: str, wanted: int) -> int:
        """The row's own key, or the next one that is free: another store may give one twice."""
        row = self._execute(_KEY.format(table=table), (identifier,)).fetchone()
        if row is not None:
            return int(row[0])
        while self._execute(_TAKEN.format(table=table), (wanted,)).fetchone() is not None:
            wanted += 1
        return wanted


def _told(one: ProfileRecord) -> tuple[int | str | bytes | None, ...]:
    record = msgspec.json.encode({"fields": one.fields, "missing": one.missing})
    return one.fetched_at, one.fresh_until, one.name, one.picture, record
