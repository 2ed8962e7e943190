"""Who a person is, by what a store knows: the same steps in every store."""

from typing import Protocol

from msgspec.structs import replace

from adapters.base import Identity, Person
from gateway.contacts.resolution import GIVEN, Known, Resolution, lost, resolve
from gateway.store.standing import Departed, Meeting, Role, StoredContact

ALIVE = frozenset[Role]({"speaking", "acting"})
"""Who can be written to again, whatever spoke against it."""
_UNTOLD = frozenset({"phone", "fb_commenter", "ig_commenter"})
"""Kinds that no event names: a customer's own note, which would go to another customer too, and under whom
somebody comments, which nobody can write to."""


class ContactRows(Protocol):
    """How a store keeps contacts and their identities."""

    def owner(self, platform: str, identity: Identity) -> StoredContact | None:
        """Whose identity it is."""

    def read(self, key: int) -> StoredContact: ...

    def is_departed(self, platform: str, person: Person, at: int) -> bool:
        """Whether somebody was erased who had one of these ids, as long ago as event ids are remembered."""
        ...

    def create(self, person: Person, at: int) -> int:
        """A contact without identities; its key."""
        ...

    def hand_over(
        self, platform: str, key: int, changed: dict[Identity, bool], resolution: Resolution
    ) -> None:
        """Give all that joined contacts have to this one, then these identities (True: given up)."""
        ...


def identify(rows: ContactRows, platform: str, person: Person, at: int, role: Role) -> Meeting:
    """Find the person's contact, or make it; link, join and suspect as the identities demand.

    Whoever was erased lately is made anew only by a new word of their own. Raises Departed.
    """
    owners = _owners(rows, platform, person)
    contacts = {contact.public.id: contact for contact in owners.values()}
    known = {identity: _known(contact) for identity, contact in owners.items()}
    resolution = resolve(person, known, addressed=role == "addressed")
    if resolution.contact is None and role != "speaking" and rows.is_departed(platform, person, at):
        raise Departed
    key = rows.create(named(person, role), at) if resolution.contact is None else resolution.contact.since
    rows.hand_over(platform, key, _changed(person, owners, key), resolution)
    return Meeting(
        rows.read(key),
        tuple(contacts[one.id] for one in resolution.joined),
        tuple(contacts[one.id] for one in resolution.suspects),
    )


def recall(rows: ContactRows, platform: str, person: Person, at: int) -> StoredContact | None:
    """Whose all of a person's identities are today; a new contact's where nobody has any of them.

    None: they are not all one contact's now, or are partly unknown. An old element must not give an
    identity to somebody who may have lost it since.
    """
    owners = _owners(rows, platform, person)
    if not owners and rows.is_departed(platform, person, at):
        return None
    if not owners:
        return identify(rows, platform, person, at, "addressed").contact
    contact, *others = {owner.key: owner for owner in owners.values()}.values()
    if others or len(owners) < len(person.identities) or lost(contact.former) & set(person.identities):
        return None
    return contact


def is_told(kind: str, former: bool) -> bool:
    """Whether events name such an identity: not the id with an app that the person has removed."""
    return kind not in _UNTOLD and not (former and kind in GIVEN)


def named(person: Person, role: Role) -> Person:
    """The person under the name that the element may give: what became of a message gives none."""
    return replace(person, name=None, username=None) if role == "addressed" else person


def _owners(rows: ContactRows, platform: str, person: Person) -> dict[Identity, StoredContact]:
    found = {one: rows.owner(platform, one) for one in person.identities}
    return {one: contact for one, contact in found.items() if contact is not None}


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
