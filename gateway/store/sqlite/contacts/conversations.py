"""Conversations as the API lists them: whose, how far, and when the person last wrote."""

import sqlite3
from typing import Any

from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.store.outgoing import ConversationFilter, StoredConversation
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.sqlite.layout.paging import Conditions, direction

_SHOWN = """
    SELECT c.key, c.id, p.platform, p.page_id, c.contact, c.thread,
        (SELECT last_inbound_at FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1),
        (SELECT sequence FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1)
    FROM conversations c JOIN pages p ON p.key = c.page
    WHERE c.continued_by IS NULL AND {conditions} ORDER BY c.key {order} LIMIT ?
"""
_OWNED = """
    EXISTS (SELECT 1 FROM accounts a
        WHERE a.platform = p.platform AND a.page_id = p.page_id AND a.customer_id = ?)
"""
_CONTACT = "SELECT id, name, username FROM contacts WHERE key = ?"
_IDENTITIES = """
    SELECT i.kind, i.value, i.scope FROM identities i
    LEFT JOIN stale_identities s ON s.platform = i.platform AND s.scope = i.scope AND s.identity = i.key
    WHERE i.contact = ? AND NOT i.former ORDER BY s.identity IS NOT NULL, i.key DESC
"""


def list_conversations(
    connection: sqlite3.Connection, customer_id: str | None, which: ConversationFilter, request: PageRequest
) -> Page[StoredConversation]:
    """One page. Raises InvalidCursor."""
    comparison, order = direction(request)
    (last,) = position(request, 1) or (None,)
    conditions = Conditions()
    conditions.add(_OWNED, customer_id)
    conditions.add("p.platform = ?", which.platform)
    conditions.add("p.page_id = ?", which.page_id)
    conditions.add(f"c.key {comparison} ?", last)
    query = _SHOWN.format(conditions=conditions, order=order)
    rows = connection.execute(query, (*conditions.values, request.limit + 1)).fetchall()
    return page_of(rows, request, lambda row: _conversation(connection, row), lambda one: one.cursor)


def read_conversation(
    connection: sqlite3.Connection, customer_id: str | None, conversation_id: str
) -> StoredConversation | None:
    """None: the customer has no such conversation."""
    conditions = Conditions()
    conditions.add("c.id = ?", conversation_id)
    conditions.add(_OWNED, customer_id)
    query = _SHOWN.format(conditions=conditions, order="ASC")
    row = connection.execute(query, (*conditions.values, 1)).fetchone()
    return None if row is None else _conversation(connection, row)


def _conversation(connection: sqlite3.Connection, row: Any) -> StoredConversation:
    key, identifier, platform, page_id, contact, thread, last_inbound_at, sequence = row
    return StoredConversation(
        id=identifier,
        platform=platform,
        page_id=page_id,
        contact=None if contact is None else _contact(connection, contact),
        group_id=thread,
        last_inbound_at=last_inbound_at,
        sequence=sequence or 0,
        cursor=cursor(key),
    )


def _contact(connection: sqlite3.Connection, key: int) -> Contact | None:
    found = connection.execute(_CONTACT, (key,)).fetchone()
    if found is None:
        return None
    rows = connection.execute(_IDENTITIES, (key,)).fetchall()
    identities = tuple(PersonIdentity(kind=kind, value=value, scope=scope) for kind, value, scope in rows)
    return Contact(id=found[0], name=found[1], username=found[2], identities=identities)
