"""Messages and conversations, as the API lists them; and who is behind a recipient's id."""

import sqlite3
from typing import Any

import msgspec

from adapters.base import Identity
from adapters.outgoing import Recipient
from gateway.store.outgoing import Addressee, Message, MessageFilter, Progress, StoredMessage
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.paging import Conditions, direction

_MESSAGES = """
    SELECT o.key, o.record, o.progress, c.id FROM outgoing o
    LEFT JOIN conversations c ON c.key = o.conversation
    WHERE {conditions} ORDER BY o.key {order} LIMIT ?
"""
_PAGE = "o.page IN (SELECT key FROM pages WHERE {column} = ?)"
_CONVERSATION = "o.conversation = (SELECT key FROM conversations WHERE id = ?)"
_KNOWN = "SELECT contact, scope FROM identities WHERE platform = ? AND kind = ? AND value = ?"
_CONVERSATION_WITH = """
    SELECT c.id, (SELECT last_inbound_at FROM places WHERE conversation = c.key ORDER BY event DESC LIMIT 1)
    FROM conversations c JOIN pages p ON p.key = c.page
    WHERE c.contact = ? AND p.platform = ? AND p.page_id = ?
"""
_GROUP = """
    SELECT c.id, NULL FROM conversations c JOIN pages p ON p.key = c.page
    WHERE c.thread = ? AND p.platform = ? AND p.page_id = ?
"""
_PAGE_SCOPED = ("psid", "igsid")


def list_messages(
    connection: sqlite3.Connection, customer_id: str | None, which: MessageFilter, request: PageRequest
) -> Page[StoredMessage]:
    """One page. Raises InvalidCursor."""
    comparison, order = direction(request)
    (last,) = position(request, 1) or (None,)
    conditions = Conditions()
    conditions.add("o.customer_id = ?", customer_id)
    conditions.add(_PAGE.format(column="platform"), which.platform)
    conditions.add(_PAGE.format(column="page_id"), which.page_id)
    conditions.add(_CONVERSATION, which.conversation_id)
    conditions.add("o.state = ?", which.state)
    conditions.add("o.key >= ?", None if which.since is None else first_key(which.since))
    conditions.add("o.key < ?", None if which.until is None else first_key(which.until))
    conditions.add(f"o.key {comparison} ?", last)
    query = _MESSAGES.format(conditions=conditions, order=order)
    rows = connection.execute(query, (*conditions.values, request.limit + 1)).fetchall()
    return page_of(rows, request, _message, lambda one: one.cursor)


def read_message(
    connection: sqlite3.Connection, customer_id: str | None, message_id: str
) -> StoredMessage | None:
    """None: the customer has no such message."""
    conditions = Conditions()
    conditions.add("o.id = ?", message_id)
    conditions.add("o.customer_id = ?", customer_id)
    query = _MESSAGES.format(conditions=conditions, order="ASC")
    row = connection.execute(query, (*conditions.values, 1)).fetchone()
    return None if row is None else _message(row)


def read_addressee(connection: sqlite3.Connection, platform: str, page_id: str, to: Recipient) -> Addressee:
    """What is known of a recipient. A telephone number is looked for as the wa_id that it is."""
    page = (platform, page_id)
    if to.kind == "group":
        found = connection.execute(_GROUP, (to.value, *page)).fetchone()
        return _addressee(page, to, None, found)
    kind, value = (
        ("wa_id", "".join(filter(str.isdigit, to.value))) if to.kind == "phone" else (to.kind, to.value)
    )
    known = connection.execute(_KNOWN, (platform, kind, value)).fetchall()
    elsewhere = tuple(scope for _, scope in known) if kind in _PAGE_SCOPED else ()
    for contact, scope in known:
        if kind in _PAGE_SCOPED and scope != page_id:
            continue
        found = connection.execute(_CONVERSATION_WITH, (contact, *page)).fetchone()
        if found is not None or kind in _PAGE_SCOPED:
            return _addressee(page, to, Identity(kind, value, scope), found)
    return Addressee(platform=platform, page_id=page_id, to=to, scopes=elsewhere)


def _addressee(page: tuple[str, str], to: Recipient, identity: Identity | None, found: Any) -> Addressee:
    conversation_id, last_inbound_at = found or (None, None)
    return Addressee(
        platform=page[0],
        page_id=page[1],
        to=to,
        identity=identity,
        conversation_id=conversation_id,
        last_inbound_at=last_inbound_at,
    )


def _message(row: Any) -> StoredMessage:
    key, record, progress, conversation_id = row
    return StoredMessage(
        message=msgspec.json.decode(record, type=Message),
        progress=msgspec.json.decode(progress, type=Progress),
        conversation_id=conversation_id,
        cursor=cursor(key),
    )
