"""Taking one JSON object or array apart, each part in its own bytes."""

from collections.abc import Iterator
from json import JSONDecoder

import msgspec
from msgspec import Raw

_object = msgspec.json.Decoder(dict[str, Raw])
_array = msgspec.json.Decoder(list[Raw])
_name = msgspec.json.Decoder(str)
_skip = JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).raw_decode
_SPACE = " \t\r\n"
_CONTAINER = (b"[", b"{")


def members(raw: Raw | bytes) -> dict[str, Raw] | None:
    """The members of a JSON object, each in its own bytes; None if it is not an object."""
    try:
        return _object.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def items(raw: Raw | bytes) -> list[Raw] | None:
    """The items of a JSON array, each in its own bytes; None if it is not an array."""
    try:
        return _array.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def all_members(raw: Raw | bytes) -> dict[str, Raw] | None:
    """The same as `members`, but a name that is there twice loses no array and no object.

    Of a repeated name the last value counts, as for any reader of JSON (RFC 8259, section 4); where
    one of its values is an array or an object, all of them become one array. Raises RecursionError.
    """
    found = members(raw)
    if not found:
        return found
    # Two quotes, a colon and a comma each: written without spaces, nothing else takes room.
    room = 1 + sum([len(name) + len(bytes(value)) + 4 for name, value in found.items()])
    return found if room == len(bytes(raw)) else _joined(bytes(raw).rstrip())


def _joined(raw: bytes) -> dict[str, Raw]:
    by_name: dict[str, list[bytes]] = {}
    for name, value in _pairs(raw):
        by_name.setdefault(name, []).append(value)
    return {name: Raw(_one(list(dict.fromkeys(values)))) for name, values in by_name.items()}


def _one(values: list[bytes]) -> bytes:
    held = [value for value in values if value.startswith(_CONTAINER)]
    if len(values) == 1 or not held:
        return values[-1]
    inner = [value[1:-1].strip() if value.startswith(b"[") else value for value in held]
    return b"[" + b",".join(filter(None, inner)) + b"]"


def _pairs(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Every member of an object that is known to be JSON, repeated ones too."""
    text = raw.decode("latin-1")  # one character per byte: a place in it is a place in `raw`
    at = _past(text, 0, "{")
    while text[at] == '"':
        _, end = _skip(text, at)
        name = _name.decode(raw[at:end])
        start = _past(text, end, ":")
        _, end = _skip(text, start)
        yield name, raw[start:end]
        at = _past(text, end, ",}")


def _past(text: str, at: int, marks: str) -> int:
    """The place of the next sign after these marks and any spaces; the end of the text is one."""
    while at < len(text) - 1 and text[at] in marks + _SPACE:
        at += 1
    return at
