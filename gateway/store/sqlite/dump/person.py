"""What hangs on one person, as parts of the record for another store."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.transfer.people import ConsentRecord, IdentityRecord, ProfileRecord

_IDENTITIES = """
    SELECT i.key, i.platform, i.kind, i.scope, i.value, i.former, s.reason, s.at FROM identities i
    LEFT JOIN stale_identities s ON s.platform = i.platform AND s.scope = i.scope AND s.identity = i.key
    WHERE i.contact = ? ORDER BY i.key
"""
_PROFILE = "SELECT fetched_at, fresh_until, record, name, picture FROM profiles WHERE identity = ?"
_ALIASES = "SELECT id FROM contacts WHERE merged_into = ? ORDER BY id"
_ALL = "(SELECT key FROM contacts WHERE key = ?1 OR merged_into = ?1)"
"""A contact and those that were merged into it: what one of them said holds for the one that goes on."""
_MET = f"""
    SELECT DISTINCT p.platform, p.page_id FROM encounters e JOIN pages p ON p.key = e.page
    WHERE e.contact IN {_ALL} ORDER BY p.platform, p.page_id
"""  # noqa: S608 (only constants of this package are written into SQL)
_CONSENTS = f"""
    SELECT p.platform, p.page_id, topic, state, source, at, expires_at FROM consents c
    JOIN pages p ON p.key = c.page WHERE contact IN {_ALL} ORDER BY p.page_id, topic, contact <> ?1 DESC
"""  # noqa: S608
_APART = f"""
    SELECT DISTINCT k.id FROM distinct_contacts d JOIN contacts k ON k.key IN (d.one, d.other)
    WHERE k.key < ?1 AND k.merged_into IS NULL AND (d.one IN {_ALL} OR d.other IN {_ALL}) ORDER BY k.id
"""  # noqa: S608


class _Told(Struct):
    fields: dict[str, Any]
    missing: str | None


_decoder = msgspec.json.Decoder(_Told)


def identities(connection: sqlite3.Connection, contact: int) -> Iterator[IdentityRecord]:
    """What a contact is known by, in the order in which that became known."""
    for key, platform, kind, scope, value, *rest in connection.execute(_IDENTITIES, (contact,)).fetchall():
        former, reason, at = rest
        yield IdentityRecord(
            platform=platform,
            kind=kind,
            scope=scope,
            value=value,
            former=bool(former),
            stale=None if reason is None else (reason, at),
            profile=_profile(connection, key),
        )


def aliases(connection: sqlite3.Connection, contact: int) -> tuple[str, ...]:
    """Ids of contacts that were merged into this one."""
    return tuple(identifier for (identifier,) in connection.execute(_ALIASES, (contact,)))


def met(connection: sqlite3.Connection, contact: int) -> tuple[tuple[str, str], ...]:
    """Pages that know the contact from a group chat."""
    return tuple((platform, page_id) for platform, page_id in connection.execute(_MET, (contact,)))


def consents(connection: sqlite3.Connection, contact: int) -> Iterator[ConsentRecord]:
    """What the contact said, one thing for each page and topic."""
    said = {tuple(row[:3]): row for row in connection.execute(_CONSENTS, (contact,)).fetchall()}
    for platform, page_id, topic, state, source, at, expires_at in said.values():
        yield ConsentRecord(
            platform=platform,
            page_id=page_id,
            topic=topic,
            state=state,
            source=source,
            at=at,
            expires_at=expires_at,
        )


def apart(connection: sqlite3.Connection, contact: int) -> tuple[str, ...]:
    """Older contacts that are somebody else."""
    return tuple(identifier for (identifier,) in connection.execute(_APART, (contact,)))


def _profile(connection: sqlite3.Connection, identity: int) -> ProfileRecord | None:
    row = connection.execute(_PROFILE, (identity,)).fetchone()
    if row is None:
        return None
    fetched_at, fresh_until, record, name, picture = row
    told = _decoder.decode(record)
    return ProfileRecord(
        fetched_at=fetched_at,
        fresh_until=fresh_until,
        fields=told.fields,
        missing=told.missing,
        name=name,
        picture=picture,
    )
