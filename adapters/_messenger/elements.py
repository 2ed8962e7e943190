"""An entry, taken apart into its elements, each with its exact bytes and an envelope of its own.

What counts as an element: an object in an array of the entry, an object that stands where an array
should, any other object beside them; else the entry itself, which then is a change (`field` and
`value` right on it) or says nothing that we know. An array without an object in it (`changed_fields`)
is no container.
"""

from msgspec import Raw, Struct
from msgspec.json import encode

from adapters._envelope import Entry, is_object, pointer
from adapters._members import members
from adapters._messenger.channel import Channel
from adapters.base import Quarantined

MESSAGING = "messaging"
STANDBY = "standby"
"""What another app answers, while this one looks on."""
CHANGES = "changes"
ENTRY = "entry"
"""Stands for the container of an element that is the entry itself."""
_CONTAINERS = {
    "messaging": MESSAGING,
    "message": MESSAGING,  # an old misspelling
    "standby": STANDBY,
    "changes": CHANGES,
}


class Source(Struct, frozen=True):
    """The body that elements come from."""

    channel: Channel
    sha256: str


class Element(Struct, frozen=True, gc=False):
    """One thing that Meta tells, and where it stands."""

    source: Source
    entry: Entry
    container: str
    """The key of the entry that holds it."""
    pointer: str
    raw: bytes
    content: bytes
    """What two elements without ids have in common if they are the same fact: `raw` or a part of it."""
    before: bytes
    """What an envelope of this element alone has before it, and after it."""
    after: bytes


def elements(entry: Entry, source: Source) -> list[Element | Quarantined]:
    """The elements of an entry, at least one."""
    found: list[Element | Quarantined] = []
    for name, raws in entry.containers.items():
        if name in _CONTAINERS or any(map(is_object, raws)):
            found += _contained(entry, source, name, raws)
    if entry.others:
        found += _beside(entry, source, not found)
    return found or [_whole(entry, source, ENTRY)]


def _contained(entry: Entry, source: Source, name: str, raws: list[Raw]) -> list[Element | Quarantined]:
    container = _CONTAINERS.get(name, name)
    place = pointer(entry.pointer, name)
    before = b"%b%b:[" % (entry.head, encode(name))
    found: list[Element | Quarantined] = []
    for index, each in enumerate(raws):
        raw, where = bytes(each), f"{place}/{index}"
        if raw.startswith(b"{"):
            found.append(Element(source, entry, container, where, raw, raw, before, b"]}]}"))
        else:
            found.append(Quarantined(reason="not_an_object", pointer=where, body=raw))
    return found


def _beside(entry: Entry, source: Source, alone: bool) -> list[Element]:
    """Objects beside the arrays; without any array, `field` and `value` make the entry a change."""
    if alone and "field" in entry.others and "value" in entry.others:
        return [_whole(entry, source, CHANGES)]
    found = []
    for name, each in entry.others.items():
        if is_object(each):
            raw, where = bytes(each), pointer(entry.pointer, name)
            before = b"%b%b:" % (entry.head, encode(name))
            container = _CONTAINERS.get(name, name)
            found.append(Element(source, entry, container, where, raw, raw, before, b"}]}"))
    return found


def _whole(entry: Entry, source: Source, container: str) -> Element:
    """Its time is no part of it: Meta repeats an entry with a later one."""
    kept = {name: raw for name, raw in (members(entry.whole) or {}).items() if name != "time"}
    raw, before = entry.whole, entry.opening
    return Element(source, entry, container, entry.pointer, raw, encode(kept), before, b"]}")
