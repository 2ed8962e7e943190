"""Decoding what Meta writes into types that say what the gateway reads.

Every member may be absent, null or of the neighbouring type. `load` decodes in one pass where Meta
writes as documented, and member by member where not: a member that cannot be read counts as absent
and harms none of its siblings. Both ways give the same value for the same JSON.
"""

import json
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Raw, Struct

from adapters._members import items, members
from adapters._values import flag, real, text, untyped

Type = TypeVar("Type", bound="Wire")


class Wire(Struct, frozen=True, gc=False):
    """The base: members that are not listed are skipped, not refused."""


def parse(raw: Raw | bytes) -> Any:
    """The JSON value; where a number is too large to be one, all numbers as they were written.

    Raises UnicodeDecodeError or RecursionError; that it is JSON has been seen to before.
    """
    try:
        return untyped(raw)
    except msgspec.ValidationError:
        return json.loads(bytes(raw).decode(), parse_int=str, parse_float=str)


@lru_cache(maxsize=64)
def _decoder(kind: type[Type]) -> "msgspec.json.Decoder[Type]":
    return msgspec.json.Decoder(kind, float_hook=real)


def load(kind: type[Type], raw: Raw | bytes) -> Type:
    """The object as `kind`, whatever its members are like. Raises as `parse` does."""
    try:
        value: Type = _decoder(kind).decode(raw)
    except msgspec.ValidationError:
        return salvage(kind, raw)
    return value


def salvage(kind: type[Type], raw: Raw | bytes) -> Type:
    """The slow half of `load`: each member on its own."""
    given = members(raw) or {}
    found = {name: _member(types, given[key]) for key, name, types in _listed(kind) if key in given}
    return kind(**{name: value for name, value in found.items() if value is not None})


@lru_cache(maxsize=64)
def _listed(kind: type[Wire]) -> list[tuple[str, str, tuple[Any, ...]]]:
    """Each member: Meta's name for it, ours, and the types it may have."""
    listed = msgspec.structs.fields(kind)
    return [(member.encode_name, member.name, get_args(member.type) or (member.type,)) for member in listed]


def _member(types: tuple[Any, ...], raw: Raw) -> Any:
    """A member's value, read as tolerantly as its types allow; None where nothing can be made of it."""
    expected = types[0]
    if get_origin(expected) is list:
        listed = items(raw)
        each = [_member(get_args(expected), item) for item in listed or []]
        return None if listed is None else [value for value in each if value is not None]
    if isinstance(expected, type) and issubclass(expected, Wire):
        return None if members(raw) is None else salvage(expected, raw)
    value = parse(raw)
    if expected is Any or type(value) in (*types, get_origin(expected)):
        return value
    if expected is bool:
        return flag(value)
    if expected is str:
        return bytes(raw).decode() if type(value) is float else text(value)
    return None
