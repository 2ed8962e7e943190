"""From one change of an entry to its items, each with what surrounds it.

A value is taken apart member by member: every array of objects in it holds items, known or not, and
what is no such array surrounds them all. Several kinds of item may share one value; `standby` nests the
arrays one level deeper. A change without `field` is told by its arrays.
"""

from collections.abc import Iterator

from msgspec import Raw, structs
from msgspec.json import encode

from adapters._envelope import is_object
from adapters._envelope import pointer as member
from adapters._members import all_members, items, members
from adapters._values import mapping, text, with_text_ids
from adapters._wire import load, parse
from adapters.whatsapp import history, wire
from adapters.whatsapp.container import array, indexed, listed, opening
from adapters.whatsapp.element import CHANGE, Element
from adapters.whatsapp.frame import Frame, Source
from adapters.whatsapp.person import Address, contacts
from adapters.whatsapp.secret import redacted

ARRAYS = frozenset(
    {
        "messages",
        "statuses",
        "message_echoes",
        "smb_message_echoes",
        "calls",
        "groups",
        "user_preferences",
        "user_actions",
        "automatic_events",
        "user_id_update",
        "state_sync",
        "history",
    }
)
"""The members of a value that hold items."""
ITEM_FIELDS = frozenset(
    {
        "",
        "messages",
        "message_echoes",
        "smb_message_echoes",
        "smb_app_state_sync",
        "standby",
        "calls",
        "history",
        "user_preferences",
        "automatic_events",
        "user_id_update",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
    }
)
"""The fields whose values hold such arrays; the empty one is a change without a field."""

_ALIASES = {"smb_message_echoes": "message_echoes"}
_APART = ("contacts", "errors", "standby")
"""The members of a value that are neither items nor the same for all items."""
_SURROUNDING = ("messaging_product", "metadata", "conversation_context")
_LITTLE = 1024
"""Bytes that are copied into the envelope of every item without a thought."""
_TAKE_ERRORS = frozenset({"messages", "statuses", "message_echoes", "smb_message_echoes", "calls"})
_NOTHING = Raw(b"null")

Items = list[tuple[str, Raw]]
"""Items, each with its part of a JSON pointer."""


def elements(source: Source, change: bytes, pointer: str) -> list[Element]:
    """The items of a change, or the change itself where it holds none."""
    change = redacted(change)
    given = all_members(change) or {}
    value = all_members(given.get("value", _NOTHING)) or {}
    field = _text(given.get("field")) or _text(value.get("field")) or source.field or ""
    frame = _frame(source, field, value)
    if field in ITEM_FIELDS:
        found = list(_items(frame, value, pointer + "/value"))
        if found:
            return found
    whole = structs.replace(frame, head=source.head, tail=source.tail, standby=False)
    return [Element(whole, CHANGE, change, pointer, b"", b"")]


def _frame(source: Source, field: str, value: dict[str, Raw]) -> Frame:
    """Whose the value is. Without `metadata` it may still name the number that a thread belongs to."""
    number = _number(value.get("metadata", _NOTHING)) or _number(value.get("recipient", _NOTHING))
    waba_id = _waba(source, field, value)
    return Frame(
        source=source,
        field=field,
        page_id=number or waba_id or source.id or "0",
        page=Address(number, "phone_number_id") if number else None,
        waba_id=waba_id,
        head=source.inside + b'"value":',
        tail=(b',"field":%b}' % encode(field) if field else b"}") + source.tail,
        standby=field == "standby",
    )


def _items(frame: Frame, value: dict[str, Raw], pointer: str) -> Iterator[Element]:
    """What the arrays of a value hold, and what stands in its `standby`."""
    arrays = {name: found for name, raw in value.items() if (found := _listed(name, raw))}
    errors = indexed(value.get("errors"))
    total = sum(map(len, arrays.values())) or len(errors)
    frame = structs.replace(
        frame,
        head=frame.head + opening(_beside(value, arrays)),
        tail=b"}" + frame.tail,
        contacts=contacts(listed(value.get("contacts")), total == 1 and "history" not in arrays),
        agent=with_text_ids(mapping(parse(value.get("conversation_context", _NOTHING)))) or None,
    )
    if errors and total == 1 and "standby" not in value and not _TAKE_ERRORS.isdisjoint(arrays):
        frame = _with_errors(frame, value["errors"])
    else:
        arrays["errors"] = errors
    for name, found in arrays.items():
        yield from _array(frame, name, found, pointer)
    yield from _standby(frame, value, pointer)


def _beside(value: dict[str, Raw], arrays: dict[str, Items]) -> dict[str, Raw]:
    """What surrounds every item; of more than a little, only what an event is made of."""
    beside = {name: raw for name, raw in value.items() if name not in arrays and name not in _APART}
    if sum([len(bytes(raw)) for raw in beside.values()]) <= _LITTLE:
        return beside
    return {name: raw for name, raw in beside.items() if name in _SURROUNDING}


def _standby(frame: Frame, value: dict[str, Raw], pointer: str) -> Iterator[Element]:
    nested = members(value.get("standby", _NOTHING))
    if nested is not None:
        inside = structs.replace(frame, standby=True, head=frame.head + b'"standby":', errors=())
        yield from _items(inside, nested, pointer + "/standby")


def _with_errors(frame: Frame, errors: Raw) -> Frame:
    """Errors beside a sole item belong to it and stay with it."""
    loaded = tuple(load(wire.Error, raw) for raw in listed(errors))
    return structs.replace(frame, errors=loaded, tail=b',"errors":%b%b' % (bytes(errors), frame.tail))


def _array(frame: Frame, name: str, found: Items, pointer: str) -> Iterator[Element]:
    kind = _kind(frame.field, name)
    before, where = array(name), member(pointer, name)
    for index, raw in found:
        element = Element(frame, kind, bytes(raw), where + index, before)
        if kind == "value.history":
            yield from history.leaves(element)
        else:
            yield element


def _kind(field: str, name: str) -> str:
    """Messages of the field `history` are no live ones and have a kind of their own."""
    if field == "history" and name in ("messages", "message_echoes"):
        return f"history.{name}"
    return f"value.{_ALIASES.get(name, name)}"


def _listed(name: str, raw: Raw) -> Items:
    """The items of an array of objects; of the known arrays also those that should be objects."""
    if name in _APART:
        return []
    if name in ARRAYS:
        return indexed(raw)
    found = items(raw) or []
    return indexed(raw) if any(map(is_object, found)) else []


def _number(metadata: Raw) -> str | None:
    """The phone_number_id, where there is one."""
    return load(wire.Metadata, metadata).phone_number_id or None


def _waba(source: Source, field: str, value: dict[str, Raw]) -> str | None:
    """The WABA that the change is about: a partner's events name it, their entry is the portfolio."""
    if field == "partner_solutions":
        return None
    named = load(wire.WabaInfo, value.get("waba_info", _NOTHING)).waba_id
    return named or source.waba_id


def _text(raw: Raw | None) -> str | None:
    return None if raw is None else text(parse(raw))
