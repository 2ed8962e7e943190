"""Contacts and conversations as records for another store."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.sqlite.dump.person import aliases, apart, consents, identities, met
from gateway.store.transfer.people import ContactRecord, ConversationRecord, EndedRecord

_CONTACTS = """
    SELECT key, id, name, username, created_at FROM contacts
    WHERE merged_into IS NULL AND key > ? ORDER BY key LIMIT ?
"""
_STATE = """
    (SELECT sequence FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1),
    (SELECT last_inbound_at FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1)
"""
_CONVERSATION = f"""
    SELECT c.key, c.id, p.platform, p.page_id, c.thread, c.started, {_STATE},
        (SELECT body FROM events WHERE key = (SELECT max(event) FROM places WHERE conversation = c.key))
    FROM conversations c JOIN pages p ON p.key = c.page WHERE c.continued_by IS NULL AND
"""  # noqa: S608 (only constants of this package are written into SQL)
_OF_CONTACT = f"{_CONVERSATION} c.contact = ? ORDER BY c.key"
_GROUPS = f"{_CONVERSATION} c.thread IS NOT NULL AND c.key > ? ORDER BY c.key LIMIT ?"
_ENDED = f"""
    SELECT c.key, c.id, c.started, {_STATE} FROM conversations c WHERE continued_by = ? ORDER BY c.id
"""  # noqa: S608
_WATERMARKS = "SELECT rank, watermark_ms FROM watermarks WHERE conversation = ?"


class _Body(Struct):
    waba_id: str | None = None


def contacts(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, ContactRecord]]:
    """People, the oldest first."""
    for key, *fields in connection.execute(_CONTACTS, (int(after or -1), limit)).fetchall():
        identifier, name, username, created_at = fields
        talks = connection.execute(_OF_CONTACT, (key,)).fetchall()
        record = ContactRecord(
            key=key,
            id=identifier,
            name=name,
            username=username,
            created_at=created_at,
            identities=tuple(identities(connection, key)),
            conversations=tuple(_conversation(connection, row) for row in talks),
            aliases=aliases(connection, key),
            met=met(connection, key),
            consents=tuple(consents(connection, key)),
            apart=apart(connection, key),
        )
        yield str(key), record


def groups(
    connection: sqlite3.Connection, after: str, limit: int
) -> Iterator[tuple[str, ConversationRecord]]:
    """Conversations with groups, the oldest first."""
    for row in connection.execute(_GROUPS, (int(after or -1), limit)).fetchall():
        yield str(row[0]), _conversation(connection, row)


def _conversation(connection: sqlite3.Connection, row: Any) -> ConversationRecord:
    key, identifier, platform, page_id, thread, started, sequence, last_inbound_at, body = row
    return ConversationRecord(
        key=key,
        id=identifier,
        platform=platform,
        page_id=page_id,
        waba_id=None if body is None else msgspec.json.decode(body, type=_Body).waba_id,
        thread=thread,
        started=bool(started),
        sequence=sequence or 0,
        last_inbound_at=last_inbound_at,
        ended=tuple(map(_ended, connection.execute(_ENDED, (key,)).fetchall())),
        watermarks={str(rank): mark for rank, mark in connection.execute(_WATERMARKS, (key,))},
    )


def _ended(row: Any) -> EndedRecord:
    key, identifier, started, sequence, last_inbound_at = row
    return EndedRecord(
        key=key,
        id=identifier,
        started=bool(started),
        sequence=sequence or 0,
        last_inbound_at=last_inbound_at,
    )
