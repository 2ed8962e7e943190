"""One contact, with all that a customer may see of it."""

import sqlite3
from typing import Any

import msgspec

from adapters.base import Identity
from gateway.contacts.sight import may_see
from gateway.store.contact import (
    KnownAddressee,
    KnownConsent,
    KnownContact,
    KnownConversation,
    KnownIdentity,
    KnownProfile,
)
from gateway.store.paging import cursor
from gateway.store.sqlite.layout.visibility import contact_key, owners_of

_CONTACT = "SELECT id, name, username, created_at FROM contacts WHERE key = ?"
_IDENTITIES = """
    SELECT i.platform, i.kind, i.value, i.scope, i.former, s.reason, s.at, i.key
    FROM identities i LEFT JOIN stale_identities s
    ON s.platform = i.platform AND s.scope = i.scope AND s.identity = i.key
    WHERE i.contact = ? ORDER BY i.key
"""
_CONVERSATIONS = """
    SELECT c.key, c.id, p.platform, p.page_id, c.started FROM conversations c
    JOIN pages p ON p.key = c.page LEFT JOIN accounts a USING (platform, page_id)
    WHERE c.contact = ?1 AND (?2 IS NULL OR a.customer_id = ?2) ORDER BY c.key
"""
_ALIASES = "SELECT id FROM conversations WHERE continued_by = ? ORDER BY key"
_LAST_INBOUND = "SELECT last_inbound_at FROM places WHERE conversation = ? ORDER BY event DESC LIMIT 1"
_CONSENTS = """
    SELECT p.page_id, c.topic, c.state, c.source, c.at, c.expires_at FROM consents c
    JOIN pages p ON p.key = c.page LEFT JOIN accounts a USING (platform, page_id)
    WHERE c.contact = ?1 AND (?2 IS NULL OR a.customer_id = ?2) ORDER BY c.page, c.topic
"""
_CONSENTS_TO = """
    SELECT p.page_id, c.topic, c.state, c.source, c.at, c.expires_at FROM consents c
    JOIN pages p ON p.key = c.page WHERE c.contact = ? AND p.platform = ? AND p.page_id = ?
"""
_OWN_SCOPES = """
    SELECT a.page_id FROM identities i
    CROSS JOIN accounts a ON a.platform = i.platform AND a.page_id = i.scope
    WHERE i.contact = ? AND a.customer_id = ?
"""
_PROFILE = "SELECT fetched_at, fresh_until, record FROM profiles WHERE identity = ?"
_FIND = "SELECT key, contact FROM identities WHERE platform = ? AND kind = ? AND scope = ? AND value = ?"
_STALE = "SELECT reason FROM stale_identities WHERE platform = ? AND scope = ? AND identity = ?"


class _ProfileRecord(msgspec.Struct, frozen=True):
    fields: dict[str, Any]
    missing: str | None = None


def read_contact(
    connection: sqlite3.Connection, customer_id: str | None, contact_id: str
) -> KnownContact | None:
    """None: the customer has no such contact."""
    key = contact_key(connection, customer_id, contact_id)
    return None if key is None else known_contact(connection, customer_id, key)


def known_contact(connection: sqlite3.Connection, customer_id: str | None, key: int) -> KnownContact:
    """A contact that is known to be visible."""
    identifier, name, username, created_at = connection.execute(_CONTACT, (key,)).fetchone()
    shared = customer_id is not None and bool(owners_of(connection, key) - {customer_id, None})
    rows = _visible_identities(connection, customer_id, key, shared=shared)
    consents = connection.execute(_CONSENTS, (key, customer_id)).fetchall()
    return KnownContact(
        id=identifier,
        platform=rows[0][0] if rows else "",
        name=name,
        username=username,
        created_at=created_at,
        identities=tuple(_identity(row) for row in rows),
        conversations=_conversations(connection, customer_id, key),
        consents=tuple(_consent(row) for row in consents),
        profile=_newest_profile(connection, rows),
        shared=shared,
        cursor=cursor(key),
    )


def read_addressee(
    connection: sqlite3.Connection, platform: str, page_id: str, identity: Identity
) -> KnownAddressee | None:
    """What must be known before writing to somebody."""
    place = (platform, identity.kind, identity.scope, identity.value)
    row = connection.execute(_FIND, place).fetchone()
    if row is None:
        return None
    key, contact = row
    stale = connection.execute(_STALE, (platform, identity.scope, key)).fetchone()
    consents = connection.execute(_CONSENTS_TO, (contact, platform, page_id)).fetchall()
    return KnownAddressee(
        contact_id=connection.execute(_CONTACT, (contact,)).fetchone()[0],
        stale=None if stale is None else stale[0],
        consents=tuple(_consent(one) for one in consents),
    )


def read_profile(connection: sqlite3.Connection, platform: str, identity: Identity) -> KnownProfile | None:
    """What is cached of one identity."""
    place = (platform, identity.kind, identity.scope, identity.value)
    row = connection.execute(_FIND, place).fetchone()
    return None if row is None else _profile(connection, identity, row[0])


def _visible_identities(
    connection: sqlite3.Connection, customer_id: str | None, key: int, *, shared: bool
) -> list[Any]:
    rows = connection.execute(_IDENTITIES, (key,)).fetchall()
    if customer_id is None:
        return rows
    own = {scope for (scope,) in connection.execute(_OWN_SCOPES, (key, customer_id))}
    return [row for row in rows if may_see(Identity(*row[1:4]), own, shared=shared)]


def _conversations(
    connection: sqlite3.Connection, customer_id: str | None, contact: int
) -> tuple[KnownConversation, ...]:
    rows = connection.execute(_CONVERSATIONS, (contact, customer_id)).fetchall()
    return tuple(_conversation(connection, row) for row in rows)


def _conversation(connection: sqlite3.Connection, row: Any) -> KnownConversation:
    key, identifier, platform, page_id, started = row
    last = connection.execute(_LAST_INBOUND, (key,)).fetchone()
    return KnownConversation(
        id=identifier,
        platform=platform,
        page_id=page_id,
        started=bool(started),
        last_inbound_at=None if last is None else last[0],
        aliases=tuple(alias for (alias,) in connection.execute(_ALIASES, (key,))),
    )


def _newest_profile(connection: sqlite3.Connection, rows: list[Any]) -> KnownProfile | None:
    found = (_profile(connection, Identity(row[1], row[2], row[3]), row[7]) for row in rows)
    return max((one for one in found if one is not None), key=lambda one: one.fetched_at, default=None)


def _profile(connection: sqlite3.Connection, identity: Identity, key: int) -> KnownProfile | None:
    row = connection.execute(_PROFILE, (key,)).fetchone()
    if row is None:
        return None
    record = msgspec.json.decode(row[2], type=_ProfileRecord)
    return KnownProfile(
        identity=identity,
        fetched_at=row[0],
        fresh_until=row[1],
        fields=record.fields,
        missing=record.missing,
    )


def _identity(row: Any) -> KnownIdentity:
    _, kind, value, scope, former, reason, at, _ = row
    return KnownIdentity(
        kind=kind, value=value, scope=scope, former=bool(former), stale=reason, stale_since=at
    )


def _consent(row: Any) -> KnownConsent:
    page_id, topic, state, source, at, expires_at = row
    return KnownConsent(
        page_id=page_id, topic=topic, state=state, source=source, at=at, expires_at=expires_at
    )
