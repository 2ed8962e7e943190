"""People in the file: who they are, under which identities, and what becomes of that with each event."""

import sqlite3
from collections.abc import Callable
from uuid import UUID

from msgspec.structs import replace

from adapters.base import Identity, Person
from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.contacts.resolution import Resolution
from gateway.store.departed import Fingerprints, marks
from gateway.store.keys import period
from gateway.store.meeting import ALIVE, identify, is_told, named, recall
from gateway.store.recent import Recent
from gateway.store.standing import Meeting, Role, StoredContact

_REMEMBERED = 20_000
_OWNER = "SELECT contact FROM identities WHERE platform = ? AND kind = ? AND scope = ? AND value = ?"
_CONTACT = "SELECT id, name, username FROM contacts WHERE key = ?"
_IDENTITIES = "SELECT kind, value, scope, former FROM identities WHERE contact = ? ORDER BY key"
_CREATE = "INSERT INTO contacts (id, name, username, created_at) VALUES (?, ?, ?, ?)"
_RENAME = "UPDATE contacts SET name = ?, username = ? WHERE key = ?"
_GIVE = (
    "INSERT INTO identities (platform, kind, scope, value, contact, former) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (platform, kind, scope, value, holder)"
    " DO UPDATE SET contact = excluded.contact, former = excluded.former"
)
_ALIVE = """
    DELETE FROM stale_identities WHERE platform = ?1 AND scope = ?3 AND identity =
        (SELECT key FROM identities WHERE platform = ?1 AND kind = ?2 AND scope = ?3 AND value = ?4)
"""
_DEPARTED = "SELECT 1 FROM departed WHERE period BETWEEN ?1 - 2 AND ?1 AND digest = ?2"
_JOIN = (
    # What both had was several contacts' before.
    "UPDATE OR IGNORE identities SET contact = ?1, holder = iif(holder = 0, 0, ?1) WHERE contact = ?2",
    "DELETE FROM identities WHERE contact = ?2",
    "UPDATE OR IGNORE encounters SET contact = ?1 WHERE contact = ?2",
    "DELETE FROM encounters WHERE contact = ?2",
    "INSERT OR IGNORE INTO consents SELECT ?1, page, topic, state, source, at, expires_at FROM consents"
    " WHERE contact = ?2",
    "DELETE FROM consents WHERE contact = ?2",
    # Who was told from one of them is told from both.
    "INSERT OR IGNORE INTO distinct_contacts SELECT min(?1, other), max(?1, other) FROM ("
    " SELECT iif(one = ?2, other, one) AS other FROM distinct_contacts WHERE ?2 IN (one, other)"
    ") WHERE other <> ?1",
    "DELETE FROM distinct_contacts WHERE one = ?2",
    "DELETE FROM distinct_contacts WHERE other = ?2",
    "UPDATE contacts SET merged_into = ?1 WHERE key = ?2 OR merged_into = ?2",
    "UPDATE contacts SET name = coalesce(name, (SELECT name FROM contacts WHERE key = ?2)) WHERE key = ?1",
    "UPDATE contacts SET name = NULL, username = NULL WHERE key = ?2",
)


class Contacts:
    """Finds, makes, joins. Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, new_id: Callable[[], UUID], fingerprints: Fingerprints
    ) -> None:
        self._execute = connection.cursor().execute
        self._new_id = new_id
        self._fingerprints = fingerprints
        self._recent: Recent[tuple[str, tuple[Identity, ...]], StoredContact] = Recent(_REMEMBERED)
        self._alive: Recent[tuple[str, tuple[Identity, ...]], bool] = Recent(_REMEMBERED)

    def forget(self) -> None:
        """Read everything anew."""
        self._recent.clear()
        self._alive.clear()

    def meet(self, platform: str, person: Person, at: int, role: Role) -> Meeting:
        """The contact that a person is, made or changed as their identities demand. Raises Departed."""
        place = (platform, person.identities)
        recent = self._recent.get(place)
        if role in ALIVE and self._alive.get(place) is None:
            # Nothing is known to be alive once somebody is marked, so this need not be asked at every event.
            self._alive.put(place, True)
            for one in person.identities:
                self._execute(_ALIVE, (platform, one.kind, one.scope, one.value))
        meeting = Meeting(recent) if recent else identify(self, platform, person, at, role)
        contact = self._renamed(meeting.contact, named(person, role))
        if contact is recent:
            return meeting
        if not set(contact.former).intersection(person.identities):
            # Else the same ids are somebody else's as soon as the number's new owner writes.
            self._recent.put(place, contact)
        return replace(meeting, contact=contact)

    def recall(self, platform: str, person: Person, at: int) -> StoredContact | None:
        """Whose all of a person's identities are today, if they are one contact's."""
        return recall(self, platform, person, at)

    def owner(self, platform: str, identity: Identity) -> StoredContact | None:
        row = self._execute(_OWNER, (platform, identity.kind, identity.scope, identity.value)).fetchone()
        return None if row is None else self.read(row[0])

    def is_departed(self, platform: str, person: Person, at: int) -> bool:
        """Whether somebody was erased lately who had one of these ids."""
        hashes = [one for each in marks(self._fingerprints, platform, person.identities) for one in each]
        return any(self._execute(_DEPARTED, (period(at), one)).fetchone() for one in hashes)

    def create(self, person: Person, at: int) -> int:
        values = (f"usr_{self._new_id()}", person.name, person.username, at)
        return int(self._execute(_CREATE, values).lastrowid or 0)

    def hand_over(
        self, platform: str, key: int, changed: dict[Identity, bool], resolution: Resolution
    ) -> None:
        for joined in resolution.joined:
            self.join(key, joined.since)
        for identity, former in changed.items():
            self._execute(_GIVE, (platform, identity.kind, identity.scope, identity.value, key, former))
        if changed and (resolution.contact or resolution.suspects):
            # Other combinations of identities lead to the contacts that have just changed.
            self._recent.clear()

    def join(self, kept: int, joined: int) -> None:
        """All that another contact has is this one's, but for its conversations."""
        for query in _JOIN:
            self._execute(query, (kept, joined))

    def _renamed(self, contact: StoredContact, person: Person) -> StoredContact:
        name = person.name or contact.public.name
        username = person.username or contact.public.username
        if name == contact.public.name and username == contact.public.username:
            return contact
        self._execute(_RENAME, (name, username, contact.key))
        self._recent.clear()
        return replace(contact, public=replace(contact.public, name=name, username=username))

    def read(self, key: int) -> StoredContact:
        identifier, name, username = self._execute(_CONTACT, (key,)).fetchone()
        rows = self._execute(_IDENTITIES, (key,)).fetchall()
        identities = tuple(
            PersonIdentity(kind=row[0], value=row[1], scope=row[2])
            for row in rows
            if is_told(row[0], bool(row[3]))
        )
        public = Contact(id=identifier, name=name, username=username, identities=identities)
        return StoredContact(key, public, tuple(Identity(*row[:3]) for row in rows if row[3]))
