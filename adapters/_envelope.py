"""The envelope of the Meta platforms: `{"object":…,"entry":[{"id":…,"time":…,"<container>":[…]}]}`.

It is opened item by item (`msgspec.Raw`), so that one item that is not as expected harms no other, and
so that every item keeps its exact bytes.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from adapters._members import all_members, items
from adapters._values import text, untyped
from adapters.base import Quarantined


class Entry(Struct, frozen=True):
    """One `entry` of an envelope: its containers item by item, so that no item can harm another."""

    pointer: str
    """JSON pointer to it in the received body."""
    object: str | None
    id: str | None
    time: Any
    head: bytes
    """`{"object":…,"entry":[{"id":…,"time":…,`: what an envelope cut down to one element begins with."""
    containers: dict[str, list[Raw]]
    """The members that are arrays (`messaging`, `standby`, `changes`, unknown ones)."""
    others: dict[str, Raw] = {}
    """All further members (`field` and `value` of the flat form, unknown ones)."""
    opening: bytes = b""
    """`{"object":…,"entry":[`"""
    whole: bytes = b""
    """Its exact bytes. Both are empty where it is as Meta normally sends it and holds an item."""


LONGEST = 4_096
"""Longer ids and names are no such thing, and would be repeated with every single element."""


class _PlainEntry(Struct, forbid_unknown_fields=True):
    """An entry as Meta normally sends it. Anything else goes through `_tolerant`."""

    id: Annotated[str, Meta(max_length=LONGEST)]
    time: int = 0
    messaging: list[Raw] = []
    standby: list[Raw] = []
    changes: list[Raw] = []


class _PlainEnvelope(Struct, forbid_unknown_fields=True):
    object: Annotated[str, Meta(max_length=LONGEST)]
    entry: list[_PlainEntry]


_plain = msgspec.json.Decoder(_PlainEnvelope)
_json = msgspec.json.Decoder(Raw)
_encode = msgspec.json.Encoder().encode

_NAMES = (b'"entry"', b'"messaging"', b'"standby"', b'"changes"')
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|(u[dD][c-fC-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def is_object(raw: Raw) -> bool:
    """Whether it is a JSON object."""
    return bytes(raw).startswith(b"{")


def pointer(parent: str, key: str) -> str:
    """The JSON pointer (RFC 6901) to a member."""
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{parent}/{key}"


def entries(body: bytes) -> list[Entry | Quarantined]:
    """Every entry of every envelope in a body, which may be one envelope or an array of them.

    A further object or array beside `entry` counts as a member of one more entry without an id. Half
    a surrogate pair (`\\ud83d` alone), which no strict reader takes, is read as U+FFFD.
    """
    try:
        envelope = _plain.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _opened(body)
    if _repeats(body, envelope):
        return _opened(body)
    name = _encode(envelope.object)
    found: list[Entry | Quarantined] = []
    for index, entry in enumerate(envelope.entry):
        containers = _containers(entry)
        if not containers:
            return _opened(body)
        head = b'{"object":%b,"entry":[{"id":%b,"time":%d,' % (name, _encode(entry.id), entry.time)
        where = f"/entry/{index}"
        found.append(
            Entry(where, envelope.object or None, entry.id or None, entry.time or None, head, containers)
        )
    return found or [Quarantined(reason="no_entries", pointer="", body=body)]


def _repeats(body: bytes, envelope: _PlainEnvelope) -> bool:
    """Whether a name may be there twice, which would hide the first one's items: asked of every body,
    and cheap. Quoted inside a text the names have a backslash before the closing quote."""
    seen = sum([body.count(name) for name in _NAMES])
    read = [bool(each.messaging) + bool(each.standby) + bool(each.changes) for each in envelope.entry]
    return seen != sum(read) + 1


def _containers(entry: _PlainEntry) -> dict[str, list[Raw]]:
    containers = {}
    if entry.messaging:
        containers["messaging"] = entry.messaging
    if entry.standby:
        containers["standby"] = entry.standby
    if entry.changes:
        containers["changes"] = entry.changes
    return containers


def _opened(body: bytes) -> list[Entry | Quarantined]:
    try:
        return list(_tolerant(body))
    except RecursionError:
        return [Quarantined(reason="too_deep", pointer="", body=body)]


def _tolerant(body: bytes) -> Iterator[Entry | Quarantined]:
    whole = readable(body)
    reason = _reason(whole)
    if reason is not None:
        yield Quarantined(reason=reason, pointer="", body=body)
        return
    envelopes = items(whole)
    if envelopes is None:
        yield from _entries_of(whole, "")
    elif envelopes:
        for index, envelope in enumerate(envelopes):
            yield from _entries_of(bytes(envelope), f"/{index}")
    else:
        yield Quarantined(reason="no_entries", pointer="", body=body)


def readable(body: bytes) -> bytes:
    """The body, with U+FFFD for half a surrogate pair."""
    return body if _reason(body) is None else _ESCAPE.sub(_whole_character, body)


def _reason(body: bytes) -> str | None:
    """Why it cannot be read; None if it is JSON. Text inside it is looked at later, item by item."""
    try:
        _json.decode(body)
    except RecursionError:
        return "too_deep"
    except msgspec.DecodeError:
        return "not_json"
    return None


def _whole_character(escape: re.Match[bytes]) -> bytes:
    alone = escape[2] or (escape[0][1:3] in (b"ud", b"uD") and not escape[1])
    return b"\\ufffd" if alone else escape[0]


def _entries_of(envelope: bytes, where: str) -> Iterator[Entry | Quarantined]:
    top = all_members(envelope)
    if top is None:
        yield Quarantined(reason="not_an_object", pointer=where, body=envelope)
        return
    raw_entry = top.pop("entry", Raw(b"null"))
    object_raw = top.pop("object", Raw(b"null"))
    listed = items(raw_entry)
    given = [raw_entry] if is_object(raw_entry) else listed
    if not given:
        yield Quarantined(reason="no_entries", pointer=where, body=envelope)
        return
    for index, raw in enumerate(given):
        place = f"{where}/entry" if listed is None else f"{where}/entry/{index}"
        entry = all_members(raw)
        if entry is None:
            yield Quarantined(reason="not_an_object", pointer=place, body=bytes(raw))
        else:
            yield _tolerant_entry(place, object_raw, entry, bytes(raw))
    beside = {name: raw for name, raw in top.items() if _holds_an_object(raw)}
    if beside:
        yield _tolerant_entry(where, object_raw, beside, envelope)


def _holds_an_object(raw: Raw) -> bool:
    return is_object(raw) or any(map(is_object, items(raw) or []))


def _tolerant_entry(where: str, object_raw: Raw, entry: dict[str, Raw], whole: bytes) -> Entry | Quarantined:
    containers: dict[str, list[Raw]] = {}
    others: dict[str, Raw] = {}
    opening = b'{"object":%b,"entry":[' % bytes(object_raw)
    head = opening + b"{"
    for name, raw in entry.items():
        listed = items(raw)
        if listed is not None:
            containers[name] = listed
        elif name in ("id", "time") and not is_object(raw):
            head += b"%b:%b," % (_encode(name), bytes(raw))
        else:
            others[name] = raw
    if max(len(head), *map(len, entry), 0) > LONGEST:
        return Quarantined(reason="too_long", pointer=where, body=whole)
    return Entry(
        pointer=where,
        object=text(_scalar(object_raw)),
        id=text(_scalar(entry.get("id"))),
        time=_scalar(entry.get("time")),
        head=head,
        containers=containers,
        others=others,
        whole=whole,
        opening=opening,
    )


def _scalar(raw: Raw | None) -> Any:
    """The value of an envelope's leaf; None where it is absent or cannot be read."""
    try:
        return None if raw is None else untyped(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
