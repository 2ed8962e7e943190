"""People in a shard: a contact is one record, with its identities and its conversations in it."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct, field

from adapters.base import Identity, Person
from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.contacts.resolution import Resolution
from gateway.store.meeting import identify, recall
from gateway.store.recent import Recent
from gateway.store.redis.keys import Keys
from gateway.store.redis.view import ABSENT, Cell, View
from gateway.store.standing import Meeting, StoredContact

_REMEMBERED = 20_000
_Held = tuple[str, str, str, bool]
"""Kind, value, scope of an identity, and whether it was given up."""


class ContactRow(Struct, array_like=True):
    """A contact as it is written."""

    id: str
    name: str | None
    username: str | None
    created_at: int
    identities: list[_Held] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    """Page → id of the conversation."""


class _Reading(Struct, frozen=True):
    """What a record was found to say."""

    text: str
    contact: StoredContact
    conversations: Mapping[str, str]


_decoder = msgspec.json.Decoder(ContactRow)


class Contacts:
    """Finds, makes, joins, for one decision at a time."""

    def __init__(self, view: View, keys: Keys) -> None:
        self._view = view
        self._keys = keys
        self._met: Recent[tuple[str, tuple[Identity, ...]], Meeting] = Recent(_REMEMBERED)
        self._read: Recent[int, _Reading] = Recent(_REMEMBERED)

    def meet(self, platform: str, person: Person, at: int, *, addressed: bool) -> Meeting:
        """The contact that a person is, made or changed as the person's identities demand."""
        met = self._met_before(platform, person)
        meeting = met or identify(self, platform, person, at, addressed=addressed)
        contact = self._renamed(meeting.contact, person)
        if contact is not meeting.contact:
            return msgspec.structs.replace(meeting, contact=contact)
        if met is None and not (meeting.joined or meeting.suspects or contact.former or person.former):
            self._met.put((platform, person.identities), meeting)
        return meeting

    def have_met(self, platform: str, person: Person) -> bool:
        """Whether the person came by not long ago: its record is probably known here."""
        return self._met.get((platform, person.identities)) is not None

    def recall(self, platform: str, person: Person, at: int) -> StoredContact | None:
        """Whose all of a person's identities are today, if they are one contact's."""
        return recall(self, platform, person, at)

    def _met_before(self, platform: str, person: Person) -> Meeting | None:
        """What was found out the last time, if the contact is still what it was then.

        Whose its identities are need not be asked: whoever took one would have changed its record.
        """
        meeting = None if person.former else self._met.get((platform, person.identities))
        if meeting is None:
            return None
        reading = self._reading(meeting.contact.key)
        return meeting if reading is not None and reading.contact == meeting.contact else None

    def owner(self, platform: str, identity: Identity) -> StoredContact | None:
        """Whose identity it is."""
        key = self._view.get(identity_cell(platform, identity))
        return None if key == ABSENT else self.read(int(key))

    def read(self, key: int) -> StoredContact:
        """The contact with this key."""
        reading = self._reading(key)
        if reading is None:
            raise KeyError(key)
        return reading.contact

    def conversation_of(self, key: int, page: int) -> str | None:
        """The id of the contact's conversation with a page."""
        reading = self._reading(key)
        return None if reading is None else reading.conversations.get(str(page))

    def _reading(self, key: int) -> "_Reading | None":
        """A contact as its record says; None: there is none."""
        text = self._view.get(contact_cell(key))
        if text == ABSENT:
            return None
        reading = self._read.get(key)
        if reading is None or reading.text != text:
            row = _decoder.decode(text)
            reading = _Reading(text, _stored(key, row), row.conversations)
            self._read.put(key, reading)
        return reading

    def row(self, key: int) -> ContactRow:
        """The record of a contact."""
        return _decoder.decode(self._view.get(contact_cell(key)))

    def put(self, key: int, row: ContactRow) -> None:
        """Change the record of a contact."""
        self._view.put(contact_cell(key), msgspec.json.encode(row).decode())

    def create(self, person: Person, at: int) -> int:
        """A contact without identities; its key."""
        key = self._keys.next(at)
        while self._view.presume_absent(contact_cell(key)) != ABSENT:
            key = self._keys.next(at)
        self.put(key, ContactRow(f"usr_{self._view.draw()}", person.name, person.username, at))
        return key

    def hand_over(
        self, platform: str, key: int, changed: dict[Identity, bool], resolution: Resolution
    ) -> None:
        """Give all that joined contacts have to this one, then these identities (True: given up)."""
        for joined in resolution.joined:
            for held in self._take_all(joined.since):
                self._give(platform, key, held)
        for identity, former in changed.items():
            self._give(platform, key, (identity.kind, identity.value, identity.scope, former))

    def _take_all(self, key: int) -> list[_Held]:
        row = self.row(key)
        identities, row.identities = row.identities, []
        self.put(key, row)
        return identities

    def _give(self, platform: str, key: int, held: _Held) -> None:
        cell = identity_cell(platform, Identity(*held[:3]))
        owner = self._view.get(cell)
        if owner not in (ABSENT, str(key)):
            before = self.row(int(owner))
            before.identities = [one for one in before.identities if one[:3] != held[:3]]
            self.put(int(owner), before)
        row = self.row(key)
        row.identities = [held if one[:3] == held[:3] else one for one in row.identities]
        if held not in row.identities:
            row.identities.append(held)
        self.put(key, row)
        self._view.put(cell, str(key))

    def _renamed(self, contact: StoredContact, person: Person) -> StoredContact:
        name = person.name or contact.public.name
        username = person.username or contact.public.username
        if name == contact.public.name and username == contact.public.username:
            return contact
        row = self.row(contact.key)
        row.name, row.username = name, username
        self.put(contact.key, row)
        return self.read(contact.key)


def _stored(key: int, row: ContactRow) -> StoredContact:
    identities = tuple([PersonIdentity(kind=one[0], value=one[1], scope=one[2]) for one in row.identities])
    public = Contact(id=row.id, name=row.name, username=row.username, identities=identities)
    return StoredContact(key, public, tuple([Identity(*one[:3]) for one in row.identities if one[3]]))


def identity_cell(platform: str, identity: Identity) -> Cell:
    """Where it stands whose an identity is."""
    return "identities", f"{platform}\n{identity.kind}\n{identity.scope}\n{identity.value}"


def contact_cell(key: int) -> Cell:
    """Where a contact's record is."""
    return "contacts", str(key)
