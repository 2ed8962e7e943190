"""What people agreed to, and which of their identities cannot be written to."""

import sqlite3

from adapters.base import Identity
from adapters.event import Event
from gateway.store.contact import EVERYTHING, StaleReason

_SAY = """
    INSERT INTO consents (contact, page, topic, state, source, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (contact, page, topic) DO UPDATE SET state = excluded.state, source = excluded.source,
        at = excluded.at, expires_at = excluded.expires_at WHERE excluded.at >= at
"""
_FIND = "SELECT key FROM identities WHERE platform = ? AND kind = ? AND scope = ? AND value = ?"
_MARK = (
    "INSERT OR IGNORE INTO stale_identities (platform, scope, identity, reason, at) VALUES (?, ?, ?, ?, ?)"
)
_OF_PAGE = """
    SELECT i.platform, i.kind, i.scope, i.value FROM identities i JOIN pages p ON p.key = ?
    WHERE i.contact = ? AND i.platform = p.platform AND i.scope = p.page_id
"""


class Consents:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def say(self, event: Event, contact: int, page: int) -> bool:
        """Keep what the person said with an opt-in or opt-out. Whether ids became stale by it.

        What comes late does not overrule what was said after it.
        """
        consent = event.consent
        if consent is None:
            return False
        expires_at = None if consent.token_expires_at is None else consent.token_expires_at * 1000
        topic = consent.topic or EVERYTHING
        said = (consent.state, consent.source, event.timestamp_ms, expires_at)
        self._execute(_SAY, (contact, page, topic, *said))
        if consent.state == "opted_in" or topic != EVERYTHING:
            return False
        identities = self._execute(_OF_PAGE, (page, contact)).fetchall()
        for platform, kind, scope, value in identities:
            self.mark(platform, Identity(kind, value, scope), "opted_out", event.timestamp_ms)
        return bool(identities)

    def mark(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        """Remember that the identity cannot be written to. False: nobody is known under it."""
        row = self._execute(_FIND, (platform, identity.kind, identity.scope, identity.value)).fetchone()
        if row is None:
            return False
        self._execute(_MARK, (platform, identity.scope, row[0], reason, at))
        return True
