"""Leaving out of an element what its customers do not want stored. Pure."""

from msgspec.structs import replace

from adapters.base import Decoded, Person
from gateway.store.keeping import EVERYTHING, Keeping

_NO_BYTES = b""


def spared(decoded: Decoded, keep: Keeping) -> Decoded:
    """The element without its bytes, without the person's names; the event itself stays what it is."""
    if keep == EVERYTHING:
        return decoded
    envelope = decoded.envelope if keep.raw else _NO_BYTES
    person = None if decoded.person is None else _nameless(decoded.person, keep.profile)
    return replace(decoded, envelope=envelope, person=person)


def _nameless(person: Person, fields: tuple[str, ...] | None) -> Person:
    if fields is None:
        return person
    name = person.name if "name" in fields else None
    username = person.username if "username" in fields else None
    return replace(person, name=name, username=username)
