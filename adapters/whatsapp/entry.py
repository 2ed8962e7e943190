"""One entry of an envelope: its changes, and whatever else stands in it.

Meta sends `changes`. Also seen: `field` and `value` on the entry itself, and `field` beside the changes.
Arrays and objects under names that nobody knows yet are elements, too; an array without an object in it
is none.
"""

from collections.abc import Iterator

from msgspec import Raw

from adapters._envelope import Entry, is_object, pointer
from adapters._values import text
from adapters._wire import parse
from adapters.base import Decoded, Quarantined
from adapters.whatsapp import change
from adapters.whatsapp.container import array, listed
from adapters.whatsapp.element import ENTRY, Element
from adapters.whatsapp.frame import Frame, Source

_CHANGES = "changes"


def read(entry: Entry, sha256: str) -> list[Decoded | Quarantined]:
    """Every element of the entry; the entry itself, where it holds none."""
    found: list[Decoded | Quarantined] = []
    if _field(entry) and "value" in entry.others and not any(entry.containers.values()):
        return change.read(_flat(entry, sha256), entry.whole, entry.pointer)
    source = _source(entry, sha256)
    for place, raw in _changes(entry):
        found += change.read(source, raw, place)
    found += [change.read_one(element) for element in _others(entry, sha256)]
    return found or [change.read_one(_whole(entry, sha256))]


def _changes(entry: Entry) -> list[tuple[str, bytes]]:
    """Each change with its pointer."""
    where = pointer(entry.pointer, _CHANGES)
    if _CHANGES in entry.containers:
        return [(f"{where}/{n}", bytes(raw)) for n, raw in enumerate(entry.containers[_CHANGES])]
    return [(where, bytes(raw)) for raw in listed(entry.others.get(_CHANGES))]


def _source(entry: Entry, sha256: str) -> Source:
    field = _field(entry)
    beside = b'"field":%b,' % bytes(entry.others["field"]) if field else b""
    head = entry.head + beside + array(_CHANGES)
    return Source(
        sha256=sha256,
        id=entry.id,
        time=entry.time,
        head=head,
        inside=head + b"{",
        tail=b"]}]}",
        field=field,
    )


def _field(entry: Entry) -> str | None:
    """The name of a field that stands beside the changes; anything but such a name is an element."""
    raw = bytes(entry.others.get("field", b""))
    return text(parse(raw)) if raw.startswith(b'"') and raw.isascii() else None


def _flat(entry: Entry, sha256: str) -> Source:
    """The entry is the change."""
    return Source(sha256, entry.id, entry.time, entry.opening, inside=entry.head, tail=b"]}")


def _others(entry: Entry, sha256: str) -> Iterator[Element]:
    """Objects in arrays of unknown names, and under such names themselves."""
    for name, raws in entry.containers.items():
        if name != _CHANGES and any(map(is_object, raws)):
            for n, raw in enumerate(raws):
                where = f"{pointer(entry.pointer, name)}/{n}"
                yield _unknown(entry, sha256, name, raw, where)
    for name, raw in entry.others.items():
        if name != _CHANGES and is_object(raw):
            yield _unknown(entry, sha256, name, raw, pointer(entry.pointer, name))


def _unknown(entry: Entry, sha256: str, name: str, raw: Raw, where: str) -> Element:
    frame = _frame(entry, sha256, entry.head, b"}]}")
    return Element(frame, f"entry.{name}", bytes(raw), where, array(name))


def _whole(entry: Entry, sha256: str) -> Element:
    return Element(_frame(entry, sha256, entry.opening, b"]}"), ENTRY, entry.whole, entry.pointer, b"", b"")


def _frame(entry: Entry, sha256: str, head: bytes, tail: bytes) -> Frame:
    source = Source(sha256, entry.id, entry.time)
    return Frame(
        source=source,
        field="",
        page_id=entry.id or "0",
        page=None,
        waba_id=source.waba_id,
        head=head,
        tail=tail,
    )
