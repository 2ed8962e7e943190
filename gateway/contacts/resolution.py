"""Whose are these identities? A pure decision over what is known, the same for every store.

Meta names a person by several ids, and ids change hands: a phone number is given to somebody else, a
BSUID is made anew. Two ids on one item are Meta's word that they are one person now; it is no word on
whose an id was before. So an id that two people may have had moves to whom Meta last named with it,
its earlier contact stays as it was, and a hint goes out. Two people never become one on a guess.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from adapters.base import Identity, Person

GIVEN = frozenset({"asid", "phone"})
"""Kinds that no element tells of: a customer or ID matching gives them, and several contacts may have one.

An app knows a person under one id, and each Page has a contact of its own for the same person.
"""
PAGE_SCOPED = frozenset({"psid", "igsid", "user_ref", "fb_commenter", "ig_commenter"})
"""Kinds whose scope is a page: elsewhere the same value is somebody else, and nobody else's business."""
OWN = frozenset({"psid", "igsid", "asid", "bsuid", "parent_bsuid"})
"""Kinds of which a person has one value per scope at a time, and which nobody inherits."""
NUMBERS = frozenset({"wa_id", "phone"})
"""Kinds that outlive their owner: a number belongs to somebody else one day."""


class Known(Struct, frozen=True):
    """A contact that is known under some identities; the smaller `since`, the older."""

    id: str
    since: int
    identities: tuple[Identity, ...]
    former: tuple[Identity, ...] = ()
    """Of the identities, those that this contact gave up by an announced change."""


class Resolution(Struct, frozen=True, kw_only=True):
    """Who the person is. All identities of the person are the contact's from now on."""

    contact: Known | None
    """None: somebody new."""
    joined: tuple[Known, ...] = ()
    """Contacts that turn out to be this one too; it is the oldest of them."""
    suspects: tuple[Known, ...] = ()
    """Contacts that lose an identity to this one: the same person perhaps, or its former owner."""


def resolve(person: Person, owners: Mapping[Identity, Known], *, addressed: bool = False) -> Resolution:
    """Decide who `person` is; `owners` has the contact of each of its identities that is known.

    Identities come most stable first, and the first contact that fits decides. Another one is joined to
    it only where nothing speaks against it. The platform's own announcement of a change (`asserted`)
    makes several values of one kind one person's, but only those that it names. `addressed`: nobody
    acted, the person is whom an earlier message went to.
    """
    same: list[Known] = []
    suspects: list[Known] = []
    for contact in _distinct(owners[identity] for identity in person.identities if identity in owners):
        fits = _is_named(person, contact, addressed) and _fits(person, contact)
        one = fits and all(_are_one(person, contact, other) for other in same)
        (same if one else suspects).append(contact)
    if not same:
        return Resolution(contact=None, suspects=tuple(suspects))
    oldest = min(same, key=lambda contact: contact.since)
    joined = tuple(contact for contact in same if contact is not oldest)
    return Resolution(contact=oldest, joined=joined, suspects=tuple(suspects))


def lost(former: Iterable[Identity]) -> set[Identity]:
    """Of what a contact gave up, what somebody else may have today: an id of its own is nobody's any more."""
    return {one for one in former if one.kind in NUMBERS}


def _distinct(contacts: Iterable[Known]) -> list[Known]:
    return list({contact.id: contact for contact in contacts}.values())


def _is_named(person: Person, contact: Known, addressed: bool) -> bool:
    """Something names the contact that is still its own.

    A number that it gave up names it only as the address of a message from before: whoever uses the
    number now is somebody else, until an id of the contact's own says otherwise.
    """
    if addressed and not any(identity.kind in OWN for identity in person.identities):
        return True
    shared = set(person.identities).intersection(contact.identities)
    return not shared.issubset(lost(contact.former))


def _fits(person: Person, contact: Known) -> bool:
    """No identity of its own kind tells the person from the contact. Another number does not."""
    named, held = _values(person.identities), _values(contact.identities)
    return all(
        bool(named[place] & held[place]) if person.asserted else named[place] <= held[place]
        for place in named.keys() & held.keys()
        if place[0] in OWN
    )


def _are_one(person: Person, one: Known, other: Known) -> bool:
    """Two known contacts are one person: no kind tells them apart, or the platform says it changed.

    A kind of which both have other values tells them apart.
    """
    exclusive = OWN if person.asserted else OWN | NUMBERS
    named = _values(person.identities) if person.asserted else {}
    first, second = _values(one.identities), _values(other.identities)
    return all(
        first[place] & second[place]
        or (named.get(place, set()) & first[place] and named.get(place, set()) & second[place])
        for place in first.keys() & second.keys()
        if place[0] in exclusive
    )


def _values(identities: Iterable[Identity]) -> dict[tuple[str, str], set[str]]:
    """The values by (kind, scope)."""
    found: dict[tuple[str, str], set[str]] = {}
    for identity in identities:
        found.setdefault((identity.kind, identity.scope), set()).add(identity.value)
    return found
