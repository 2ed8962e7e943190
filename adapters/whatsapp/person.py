"""The person of an item: which ids Meta gave, which contact belongs to them, what they are called.

A person has up to three kinds of id: a BSUID (business-scoped user id), a parent BSUID, and a wa_id
(digits). Any may be missing: Meta withholds the phone of users with a username. Meta, "Business-scoped
user IDs": `^[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}$`. A username is for display and never a key.
"""

import re

from msgspec import Raw, Struct

from adapters._envelope import is_object
from adapters._wire import load
from adapters.base import Identity, Person
from adapters.whatsapp import wire

_NAMELESS = wire.Profile()
_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


class Address(Struct, frozen=True):
    """An id that a message goes to or comes from, with its kind."""

    value: str
    kind: str
    """`wa_id bsuid parent_bsuid group phone_number_id`."""


class Party(Struct, frozen=True):
    """The ids that one item gives of one person, exactly as sent."""

    phone: str | None = None
    bsuid: str | None = None
    parent: str | None = None

    def address(self) -> Address | None:
        """What to answer to: the phone where Meta shows it, else the business-scoped id."""
        if self.phone:
            return Address(self.phone, "wa_id")
        if self.bsuid:
            return Address(self.bsuid, "bsuid")
        return Address(self.parent, "parent_bsuid") if self.parent else None

    def identities(self, scope: str) -> tuple[Identity, ...]:
        """The most stable first. A `+` before the digits is notation, not part of the id."""
        found = []
        if self.bsuid:
            found.append(Identity("bsuid", self.bsuid, scope))
        if self.parent:
            found.append(Identity("parent_bsuid", self.parent, scope))
        if self.phone:
            found.append(Identity("wa_id", self.phone.removeprefix("+"), scope))
        return tuple(found)

    def completed(self, more: "Party") -> "Party":
        """These ids, and another item's of the same person where these say nothing."""
        return Party(self.phone or more.phone, self.bsuid or more.bsuid, self.parent or more.parent)

    def shares_an_id(self, other: "Party") -> bool:
        """Whether both are the same person for certain."""
        return not {one.value for one in self.identities("")}.isdisjoint(
            one.value for one in other.identities("")
        )


def party(phone: str | None = None, bsuid: str | None = None, parent: str | None = None) -> Party:
    """The ids of a person. A business-scoped id that stands in the phone's place is taken for what it is."""
    scoped = _BUSINESS_SCOPED.fullmatch(phone) if phone and "." in phone else None
    if scoped is None:
        return Party(phone or None, bsuid or None, parent or None)
    if scoped[1]:
        return Party(None, bsuid or None, parent or phone)
    return Party(None, bsuid or phone, parent or None)


class Contact(Struct, frozen=True):
    """An item of `contacts`, with its exact bytes."""

    raw: bytes
    party: Party
    name: str | None = None
    username: str | None = None


class Contacts(Struct, frozen=True):
    """The `contacts` of a value. They belong to items by id; their order means nothing."""

    by_id: dict[str, Contact] = {}
    only: Contact | None = None
    """The sole contact beside a sole item: it belongs to that item even where no id says so."""

    def of(self, who: Party) -> Contact | None:
        """The contact of this person. Two different BSUIDs are two persons, whatever else is equal."""
        found = self.only or self._named(who)
        if found and who.bsuid and found.party.bsuid and who.bsuid != found.party.bsuid:
            return None
        return found

    def _named(self, who: Party) -> Contact | None:
        """By BSUID, then parent BSUID, then phone."""
        matches = (self.by_id.get(identity.value) for identity in who.identities(""))
        return next(filter(None, matches), None)


def contacts(raws: list[Raw], sole_item: bool) -> Contacts:
    """The contacts of a value; those that are no objects name nobody."""
    found = [contact(load(wire.Contact, raw), bytes(raw)) for raw in raws if is_object(raw)]
    if sole_item and len(found) == 1:
        return Contacts(only=found[0])
    return Contacts({identity.value: each for each in found for identity in each.party.identities("")})


def contact(given: wire.Contact, raw: bytes = b"") -> Contact:
    """The ids and names of a contact. The `@` before a username is notation."""
    profile = given.profile or _NAMELESS
    username = (profile.username or "").removeprefix("@")
    who = party(given.wa_id, given.user_id, given.parent_user_id)
    return Contact(raw, who, profile.name or None, username or None)


def person(known: Party, contact: Contact | None, scope: str) -> Person | None:
    """Whom all the ids of an item and its contact name. A wa_id that differs from the phone is one more."""
    identities = known.identities(scope)
    if contact is None:
        return Person(identities=identities) if identities else None
    if contact.party.phone not in (None, known.phone):
        identities += Party(contact.party.phone).identities(scope)
    return Person(identities=identities, name=contact.name, username=contact.username) if identities else None
