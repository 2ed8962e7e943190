"""People in the file: who they are, under which identities, and what becomes of that with each event."""

import sqlite3
from collections.abc import Callable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from adapters.base import Identity, Person
from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.contacts.resolution import Known, Resolution, resolve
from gateway.store.sqlite.recent import Recent

_REMEMBERED = 20_000
_OWNER = "SELECT contact FROM identities WHERE platform = ? AND kind = ? AND scope = ? AND value = ?"
_CONTACT = "SELECT id, name, username FROM contacts WHERE key = ?"
_IDENTITIES = "SELECT kind, value, scope, former FROM identities WHERE contact = ? ORDER BY key"
_CREATE = "INSERT INTO contacts (id, name, username, created_at) VALUES (?, ?, ?, ?)"
_RENAME = "UPDATE contacts SET name = ?, username = ? WHERE key = ?"
_GIVE = (
    "INSERT INTO identities (platform, kind, scope, value, contact, former) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (platform, kind, scope, value)"
    " DO UPDATE SET contact = excluded.contact, former = excluded.former"
)
_MERGED = "UPDATE contacts SET merged_into = ?1 WHERE key = ?2 OR merged_into = ?2"
_ALIVE = """
    DELETE FROM stale_identities WHERE platform = ?1 AND scope = ?3 AND identity =
        (SELECT key FROM identities WHERE platform = ?1 AND kind = ?2 AND scope = ?3 AND value = ?4)
"""
_GIVE_ALL = "UPDATE identities SET contact = ? WHERE contact = ?"


class StoredContact(Struct, frozen=True):
    """A contact and its key in the file."""

    key: int
    public: Contact
    former: tuple[Identity, ...] = ()
    """The numbers among its identities that it gave up."""


class Meeting(Struct, frozen=True):
    """Who a person turned out to be; the others as they were before."""

    contact: StoredContact
    joined: tuple[StoredContact, ...] = ()
    suspects: tuple[StoredContact, ...] = ()


class Contacts:
    """Finds, makes, joins. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, new_id: Callable[[], UUID]) -> None:
        self._execute = connection.cursor().execute
        self._new_id = new_id
        self._recent: Recent[tuple[str, tuple[Identity, ...]], StoredContact] = Recent(_REMEMBERED)

    def forget(self) -> None:
        """Read everything anew."""
        self._recent.clear()

    def meet(self, platform: str, person: Person, at: int, *, addressed: bool) -> Meeting:
        """The contact that a person is, made or changed as the person's identities demand.

        `addressed`: the person did nothing, an earlier message went there.
        """
        place = (platform, person.identities)
        recent = self._recent.get(place)
        meeting = Meeting(recent) if recent else self._identify(platform, person, at, addressed)
        contact = self._renamed(meeting.contact, person)
        if contact is recent:
            return meeting
        if not set(contact.former).intersection(person.identities):
            # Else the same ids are somebody else's as soon as the number's new owner writes.
            self._recent.put(place, contact)
        return replace(meeting, contact=contact)

    def recall(self, platform: str, person: Person, at: int) -> StoredContact | None:
        """Whose all of a person's identities are today; a new contact's where nobody has any of them.

        None: they are not all one contact's now, or are partly unknown. An old element must not give an
        identity to somebody who may have lost it since.
        """
        owners = self._owners(platform, person)
        if not owners:
            return self.meet(platform, person, at, addressed=True).contact
        contact, *others = {owner.key: owner for owner in owners.values()}.values()
        if others or len(owners) < len(person.identities) or set(contact.former) & set(person.identities):
            return None
        return contact

    def _identify(self, platform: str, person: Person, at: int, addressed: bool) -> Meeting:
        owners = self._owners(platform, person)
        if owners and not addressed:
            # Who was marked as out of reach is read anew, so this need not be asked at every event.
            for one in person.identities:
                self._execute(_ALIVE, (platform, one.kind, one.scope, one.value))
        contacts = {contact.public.id: contact for contact in owners.values()}
        known = {identity: _known(contact) for identity, contact in owners.items()}
        resolution = resolve(person, known, addressed=addressed)
        key = self._create(person, at) if resolution.contact is None else resolution.contact.since
        self._hand_over(platform, key, _changed(person, owners, key), resolution)
        return Meeting(
            self._read(key),
            tuple(contacts[one.id] for one in resolution.joined),
            tuple(contacts[one.id] for one in resolution.suspects),
        )

    def _owners(self, platform: str, person: Person) -> dict[Identity, StoredContact]:
        found = {}
        for identity in person.identities:
            row = self._execute(_OWNER, (platform, identity.kind, identity.scope, identity.value)).fetchone()
            if row is not None:
                found[identity] = self._read(row[0])
        return found

    def _create(self, person: Person, at: int) -> int:
        values = (f"usr_{self._new_id()}", person.name, person.username, at)
        return int(self._execute(_CREATE, values).lastrowid or 0)

    def _hand_over(
        self, platform: str, key: int, changed: dict[Identity, bool], resolution: Resolution
    ) -> None:
        for joined in resolution.joined:
            self._execute(_GIVE_ALL, (key, joined.since))
            self._execute(_MERGED, (key, joined.since))
        for identity, former in changed.items():
            self._execute(_GIVE, (platform, identity.kind, identity.scope, identity.value, key, former))
        if changed and (resolution.contact or resolution.suspects):
            # Other combinations of identities lead to the contacts that have just changed.
            self._recent.clear()

    def _renamed(self, contact: StoredContact, person: Person) -> StoredContact:
        name = person.name or contact.public.name
        username = person.username or contact.public.username
        if name == contact.public.name and username == contact.public.username:
            return contact
        self._execute(_RENAME, (name, username, contact.key))
        self._recent.clear()
        return replace(contact, public=replace(contact.public, name=name, username=username))

    def _read(self, key: int) -> StoredContact:
        identifier, name, username = self._execute(_CONTACT, (key,)).fetchone()
        rows = self._execute(_IDENTITIES, (key,)).fetchall()
        identities = tuple(PersonIdentity(kind=row[0], value=row[1], scope=row[2]) for row in rows)
        public = Contact(id=identifier, name=name, username=username, identities=identities)
        return StoredContact(key, public, tuple(Identity(*row[:3]) for row in rows if row[3]))


def _changed(person: Person, owners: dict[Identity, StoredContact], key: int) -> dict[Identity, bool]:
    """The identities that were not the contact's before, and if they are given up; all where one is."""
    return {
        one: one in person.former
        for one in person.identities
        if person.former or one not in owners or owners[one].key != key
    }


def _known(contact: StoredContact) -> Known:
    identities = (Identity(one.kind, one.value, one.scope) for one in contact.public.identities)
    return Known(contact.public.id, contact.key, tuple(identities), contact.former)
