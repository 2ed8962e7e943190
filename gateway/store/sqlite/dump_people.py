"""Contacts and conversations as records for another store."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.transfer.people import ContactRecord, ConversationRecord, IdentityRecord

_CONTACTS = "SELECT key, id, name, username, created_at FROM contacts WHERE key > ? ORDER BY key LIMIT ?"
_IDENTITIES = "SELECT platform, kind, scope, value, former FROM identities WHERE contact = ? ORDER BY key"
_CONVERSATION = """
    SELECT c.key, c.id, p.platform, p.page_id, c.thread, c.started,
        (SELECT sequence FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1),
        (SELECT last_inbound_at FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1),
        (SELECT body FROM events WHERE key = (SELECT max(event) FROM places WHERE conversation = c.key))
    FROM conversations c JOIN pages p ON p.key = c.page
"""
_OF_CONTACT = f"{_CONVERSATION} WHERE c.contact = ? ORDER BY c.key"
_GROUPS = f"{_CONVERSATION} WHERE c.contact IS NULL AND c.key > ? ORDER BY c.key LIMIT ?"
_ENDED = "SELECT id FROM conversations WHERE continued_by = ? ORDER BY key"
_WATERMARKS = "SELECT rank, watermark_ms FROM watermarks WHERE conversation = ?"


class _Body(Struct):
    waba_id: str | None = None


def contacts(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, ContactRecord]]:
    """People, the oldest first."""
    for key, *fields in connection.execute(_CONTACTS, (int(after or -1), limit)).fetchall():
        identifier, name, username, created_at = fields
        yield (
            str(key),
            ContactRecord(
                key=key,
                id=identifier,
                name=name,
                username=username,
                created_at=created_at,
                identities=tuple(map(_identity, connection.execute(_IDENTITIES, (key,)).fetchall())),
                conversations=tuple(
                    _conversation(connection, row)
                    for row in connection.execute(_OF_CONTACT, (key,)).fetchall()
                ),
            ),
        )


def groups(
    connection: sqlite3.Connection, after: str, limit: int
) -> Iterator[tuple[str, ConversationRecord]]:
    """Conversations with groups, the oldest first."""
    for row in connection.execute(_GROUPS, (int(after or -1), limit)).fetchall():
        yield str(row[0]), _conversation(connection, row)


def _identity(row: Any) -> IdentityRecord:
    platform, kind, scope, value, former = row
    return IdentityRecord(platform=platform, kind=kind, scope=scope, value=value, former=bool(former))


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
        ended=tuple(one for (one,) in connection.execute(_ENDED, (key,))),
        watermarks={str(rank): mark for rank, mark in connection.execute(_WATERMARKS, (key,))},
    )
