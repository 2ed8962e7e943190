"""People in a shard: who they are, and what becomes of that with each event."""

from msgspec.structs import replace

from adapters.base import Identity, Person
from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.contacts.resolution import GIVEN, Resolution
from gateway.store.departed import Fingerprints, marks
from gateway.store.keys import period
from gateway.store.meeting import ALIVE, identify, is_told, named, recall
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.records.consents import join_consents
from gateway.store.redis.records.contact_row import (
    ContactRow,
    Held,
    contact_cell,
    departed_cell,
    identity_cell,
    name_cell,
    read_row,
)
from gateway.store.redis.records.view import ABSENT, Cell, View
from gateway.store.standing import Meeting, Role, StoredContact


class Contacts:
    """Finds, makes, joins, for one decision at a time."""

    def __init__(self, view: View, keys: Keys, fingerprints: Fingerprints) -> None:
        self._view = view
        self._keys = keys
        self._fingerprints = fingerprints

    def meet(self, platform: str, person: Person, at: int, role: Role) -> Meeting:
        """The contact that a person is, made or changed as their identities demand. Raises Departed."""
        meeting = identify(self, platform, person, at, role)
        if role in ALIVE:
            self._revive(meeting.contact.key, platform, person)
        return replace(meeting, contact=self._renamed(meeting.contact, named(person, role)))

    def recall(self, platform: str, person: Person, at: int) -> StoredContact | None:
        """Whose all of a person's identities are today, if they are one contact's."""
        return recall(self, platform, person, at)

    def _revive(self, key: int, platform: str, person: Person) -> None:
        """Ids under which a contact acts can be written to from now on."""
        row = self.row(key)
        if row.rare is None:
            return
        names = {identity_cell(platform, one)[1] for one in person.identities} & row.rare.stale.keys()
        for name in names:
            del row.rare.stale[name]
        if names:
            self.put(key, row)

    def is_departed(self, platform: str, person: Person, at: int) -> bool:
        """Whether somebody was erased lately who had one of these ids."""
        names = [one for each in marks(self._fingerprints, platform, person.identities) for one in each]
        periods = [self._view.get(departed_cell(one)) for one in names]
        return any(one != ABSENT and int(one) >= period(at) - 2 for one in periods)

    def owner(self, platform: str, identity: Identity) -> StoredContact | None:
        """Whose identity it is."""
        key = self.owner_key(platform, identity)
        if key is not None and self._view.get(contact_cell(key)) == ABSENT:
            raise self._view.doubt(identity_cell(platform, identity))  # merged by another process
        return None if key is None else self.read(key)

    def owner_key(self, platform: str, identity: Identity) -> int | None:
        """The key of whose identity it is."""
        return self._led_to(identity_cell(platform, identity))

    def key_of(self, contact_id: str) -> int | None:
        """By its own id, or by that of a contact that was merged into it."""
        return self._led_to(name_cell(contact_id))

    def _led_to(self, cell: Cell) -> int | None:
        key = self._view.get(cell)
        if key == ABSENT:
            return None
        if self._view.get(contact_cell(int(key))) == ABSENT:
            raise self._view.doubt(cell)  # merged by another process
        return int(key)

    def read(self, key: int) -> StoredContact:
        """The contact with this key."""
        row = self.row(key)
        identities = tuple(
            [
                PersonIdentity(kind=one[0], value=one[1], scope=one[2])
                for one in row.identities
                if is_told(one[0], one[3])
            ]
        )
        public = Contact(id=row.id, name=row.name, username=row.username, identities=identities)
        return StoredContact(key, public, tuple([Identity(*one[:3]) for one in row.identities if one[3]]))

    def row(self, key: int) -> ContactRow:
        """The record of a contact."""
        return read_row(self._view.get(contact_cell(key)))

    def put(self, key: int, row: ContactRow) -> None:
        """Change the record of a contact."""
        self._view.put(contact_cell(key), row.packed())

    def create(self, person: Person, at: int) -> int:
        """A contact without identities; its key."""
        return self.insert(
            self._keys.next(at), ContactRow(f"usr_{self._view.draw()}", person.name, person.username, at)
        )

    def insert(self, key: int, row: ContactRow) -> int:
        """Keep a new record under this key, or under the next one that nobody has. The key."""
        while self._view.presume_absent(contact_cell(key)) != ABSENT:
            key += 1
        self.put(key, row)
        self._view.put(name_cell(row.id), str(key))
        return key

    def hand_over(
        self, platform: str, key: int, changed: dict[Identity, bool], resolution: Resolution
    ) -> None:
        """Give all that joined contacts have to this one, then these identities (True: given up)."""
        for joined in resolution.joined:
            self.take_all(platform, key, joined.since)
        for identity, former in changed.items():
            self.give(platform, key, (identity.kind, identity.value, identity.scope, former))

    def take_all(self, platform: str, key: int, joined: int) -> None:
        """All names of another contact are this one's."""
        mine, other = self.row(key), self.row(joined)
        identities, other.identities = other.identities, []
        stale = {} if other.rare is None else other.rare.stale
        if stale:
            mine.more.stale |= stale
            other.more.stale = {}
        mine.name = mine.name or other.name
        self.put(joined, other)
        self.put(key, mine)
        for held in identities:
            self.give(platform, key, held)

    def give(self, platform: str, key: int, held: Held) -> None:
        """Make an identity the contact's, whoever's it was; or also the contact's, if several may have it."""
        if held[0] not in GIVEN:
            cell = identity_cell(platform, Identity(*held[:3]))
            owner = self._view.get(cell)
            if owner not in (ABSENT, str(key)):
                self._take(int(owner), key, cell[1], held)
            self._view.put(cell, str(key))
        row = self.row(key)
        row.platform = row.platform or platform
        row.identities = [held if one[:3] == held[:3] else one for one in row.identities]
        if held not in row.identities:
            row.identities.append(held)
        self.put(key, row)

    def _take(self, owner: int, key: int, name: str, held: Held) -> None:
        """Another contact's identity is not its own any more; whether it can be written to goes with it."""
        before, row = self.row(owner), self.row(key)
        before.identities = [one for one in before.identities if one[:3] != held[:3]]
        if before.rare is not None and name in before.rare.stale:
            row.more.stale[name] = before.rare.stale.pop(name)
            self.put(key, row)
        self.put(owner, before)

    def retire(self, key: int, joined: int) -> None:
        """A contact that has become this one is no record any more; its id leads here."""
        mine, other = self.row(key), self.row(joined)
        names = [other.id, *(other.rare.aliases if other.rare else ())]
        mine.more.aliases += names
        if other.rare is not None:
            mine.more.met = sorted({*mine.more.met, *other.rare.met})
            mine.more.apart = sorted({*mine.more.apart, *other.rare.apart} - {key})
            mine.more.spread |= other.rare.spread
        for name in names:
            self._view.put(name_cell(name), str(key))
        join_consents(self._view, key, joined)
        self._view.put(contact_cell(joined), ABSENT)
        self.put(key, mine)

    def _renamed(self, contact: StoredContact, person: Person) -> StoredContact:
        name = person.name or contact.public.name
        username = person.username or contact.public.username
        if name == contact.public.name and username == contact.public.username:
            return contact
        row = self.row(contact.key)
        row.name, row.username = name, username
        self.put(contact.key, row)
        return self.read(contact.key)
