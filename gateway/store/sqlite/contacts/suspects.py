"""Who may have come back under another id: contacts of the same page that look the same."""

import sqlite3

from adapters.base import Identity
from gateway.store.contact import Suspect

_MINE = """
    SELECT i.contact, p.name, p.picture FROM identities i JOIN profiles p ON p.identity = i.key
    WHERE i.platform = ? AND i.kind = ? AND i.scope = ? AND i.value = ?
    AND p.name IS NOT NULL AND p.picture IS NOT NULL
"""
_ALIKE = """
    SELECT DISTINCT k.id, p.name, p.picture FROM stale_identities s
    CROSS JOIN identities i ON i.key = s.identity
    CROSS JOIN profiles p ON p.identity = i.key
    CROSS JOIN contacts k ON k.key = i.contact
    WHERE s.platform = ?1 AND s.scope = ?2 AND i.kind = ?3 AND p.name = ?4 AND p.picture = ?5
    AND i.contact <> ?6 AND NOT EXISTS (
        SELECT 1 FROM distinct_contacts d WHERE d.one = min(i.contact, ?6) AND d.other = max(i.contact, ?6)
    ) AND NOT EXISTS (
        SELECT 1 FROM profiles q CROSS JOIN identities o ON o.key = q.identity
        WHERE q.picture = ?5 AND q.name <> ?4 AND o.platform = ?1 AND o.scope = ?2
    )
    LIMIT 2
"""


def find_suspects(connection: sqlite3.Connection, platform: str, identity: Identity) -> tuple[Suspect, ...]:
    """At most two; a name without a picture, or a picture without a name, finds nobody."""
    place = (platform, identity.kind, identity.scope, identity.value)
    mine = connection.execute(_MINE, place).fetchone()
    if mine is None:
        return ()
    contact, name, picture = mine
    values = (platform, identity.scope, identity.kind, name, picture, contact)
    rows = connection.execute(_ALIKE, values).fetchall()
    return tuple(Suspect(contact_id=row[0], name=row[1], picture=row[2]) for row in rows)
