"""What customers say of people: whose an identity is, who is one person and who is not."""

import sqlite3

import msgspec

from adapters.base import Identity
from gateway.contacts.merging import unmergeable
from gateway.contacts.resolution import GIVEN
from gateway.store.contact import KnownProfile, StaleReason
from gateway.store.contacts import IdentityTaken, Unmergeable
from gateway.store.sqlite.contacts.reads import read_contact
from gateway.store.sqlite.layout.visibility import contact_key, owners_of
from gateway.store.sqlite.records.consents import Consents
from gateway.store.sqlite.records.contacts import Contacts
from gateway.store.sqlite.records.conversations import Conversations

_FIND = "SELECT key, contact FROM identities WHERE platform = ? AND kind = ? AND scope = ? AND value = ?"
_LINK = "INSERT INTO identities (platform, kind, scope, value, contact) VALUES (?, ?, ?, ?, ?)"
_GIVE = (
    "INSERT INTO identities (platform, kind, scope, value, contact, holder) VALUES (?1, ?2, ?3, ?4, ?5, ?5)"
    " ON CONFLICT (platform, kind, scope, value, holder) DO UPDATE SET former = 0"
)
_OF_CONTACT = "SELECT key, kind, scope, value FROM identities WHERE contact = ?"
_UNLINK = (
    "DELETE FROM stale_identities WHERE identity = ?",
    "DELETE FROM profiles WHERE identity = ?",
    "DELETE FROM identities WHERE key = ?",
)
_LOGINS = """
    SELECT key, contact FROM identities
    WHERE platform = ?1 AND kind = ?2 AND value = ?3 AND (?4 = '' OR scope = ?4)
"""
_NO_NAME = """
    UPDATE contacts SET name = NULL WHERE key = ?1
    AND name IN (SELECT p.name FROM profiles p JOIN identities i ON i.key = p.identity WHERE i.contact = ?1)
"""
_GIVE_UP = "UPDATE identities SET former = 1 WHERE key = ?"
_NO_PROFILES = "DELETE FROM profiles WHERE identity IN (SELECT key FROM identities WHERE contact = ?)"
_KEEP_APART = "INSERT OR IGNORE INTO distinct_contacts (one, other) VALUES (?, ?)"
_KEEP_PROFILE = "INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?, ?, ?)"
_NAME = "UPDATE contacts SET name = ? WHERE key = ? AND name IS NOT ?"


class ContactChanges:
    """Used by the writer only."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        contacts: Contacts,
        conversations: Conversations,
        consents: Consents,
    ) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._contacts = contacts
        self._conversations = conversations
        self._consents = consents

    def mark_stale(self, platform: str, identity: Identity, reason: StaleReason, at: int) -> bool:
        """False: nobody is known under it."""
        self._contacts.forget()
        return self._consents.mark(platform, identity, reason, at)

    def link(self, customer_id: str | None, contact_id: str, platform: str, identity: Identity) -> None:
        """Raises IdentityTaken, Unmergeable."""
        key = self._own(customer_id, contact_id)
        place = (platform, identity.kind, identity.scope, identity.value)
        row = None if identity.kind in GIVEN else self._execute(_FIND, place).fetchone()
        if row is None:
            self._execute(_GIVE if identity.kind in GIVEN else _LINK, (*place, key))
            self._contacts.forget()
        elif row[1] != key:
            raise IdentityTaken

    def unlink(self, customer_id: str | None, contact_id: str, identity: Identity) -> bool:
        """False: the contact had no such identity. Raises IdentityTaken for its last, Unmergeable."""
        rows = self._execute(_OF_CONTACT, (self._own(customer_id, contact_id),)).fetchall()
        found = [row[0] for row in rows if Identity(row[1], row[3], row[2]) == identity]
        if found and len(rows) == 1:
            raise IdentityTaken
        for key in found:
            for query in _UNLINK:
                self._execute(query, (key,))
        self._contacts.forget()
        return bool(found)

    def merge(self, customer_id: str | None, contact_id: str, other_id: str) -> str:
        """The id that goes on. Raises Unmergeable."""
        contacts = [read_contact(self._connection, customer_id, one) for one in (contact_id, other_id)]
        one, other = contacts
        if one is None or other is None:
            raise Unmergeable("gone")
        reason = unmergeable(one, other)
        if reason is not None:
            raise Unmergeable(reason)
        kept, joined = sorted((one, other), key=lambda contact: int(contact.cursor))
        self._join(int(kept.cursor), int(joined.cursor))
        return kept.id

    def _join(self, kept: int, joined: int) -> None:
        self._conversations.join(0, kept, joined)
        self._contacts.join(kept, joined)
        self._contacts.forget()

    def keep_apart(self, customer_id: str | None, contact_id: str, other_id: str) -> None:
        """Raises Unmergeable where one of them is gone or shared, or both are one already."""
        one, other = (self._own(customer_id, each) for each in (contact_id, other_id))
        if one == other:
            raise Unmergeable("same_contact")
        self._execute(_KEEP_APART, (min(one, other), max(one, other)))

    def deauthorize(self, platform: str, identity: Identity) -> None:
        """Drop what the person let the app know, and the name that the profile told."""
        place = (platform, identity.kind, identity.value, identity.scope)
        for key, contact in self._execute(_LOGINS, place).fetchall():
            self._execute(_NO_NAME, (contact,))
            self._execute(_NO_PROFILES, (contact,))
            self._execute(_GIVE_UP, (key,))
        self._contacts.forget()

    def keep_profile(
        self, platform: str, profile: KnownProfile, name: str | None, picture: str | None
    ) -> None:
        """What the platform has said of an identity, if somebody is known under it."""
        identity = profile.identity
        row = self._execute(_FIND, (platform, identity.kind, identity.scope, identity.value)).fetchone()
        if row is None:
            return
        key, contact = row
        record = msgspec.json.encode({"fields": profile.fields, "missing": profile.missing})
        self._execute(_KEEP_PROFILE, (key, profile.fetched_at, profile.fresh_until, name, picture, record))
        if name is not None and self._execute(_NAME, (name, contact, name)).rowcount:
            self._contacts.forget()

    def _own(self, customer_id: str | None, contact_id: str) -> int:
        """The key of a contact that nobody else shares. Raises Unmergeable."""
        key = contact_key(self._connection, customer_id, contact_id)
        if key is None:
            raise Unmergeable("gone")
        if customer_id is not None and owners_of(self._connection, key) - {customer_id, None}:
            raise Unmergeable("shared")
        return key
