"""Conditions on what is in an event: which of its kind an endpoint takes. Pure.

A path names members of the native event, joined by dots. A list on the way stands for all of its
elements: one that fits is enough. A member that is absent is nothing, as is an empty list.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gateway.store.record import Record

Scalar = str | int | float | bool


class Probe(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What else can be asked of a member; all that is said must hold."""

    exists: bool | None = None
    """Whether there is anything at the path."""
    prefix: Annotated[str, Meta(max_length=500)] | None = None
    """How a text there begins."""


Condition = tuple[Scalar, ...] | Probe
"""One of these values, where `false` is also what is absent; or a probe."""
Conditions = dict[str, Condition]
"""By path; all must hold."""


def fits(event: Mapping[str, Any], conditions: Mapping[str, Condition]) -> bool:
    """Whether a decoded event meets all of the conditions."""
    return all(
        _holds(condition, list(_members(event, path.split(".")))) for path, condition in conditions.items()
    )


def body_fits(body: bytes, conditions: Mapping[str, Condition]) -> bool:
    """The same of an event as it is stored; without conditions it is not even read."""
    return not conditions or fits(msgspec.json.decode(body), conditions)


@lru_cache(maxsize=256)
def parsed(conditions: str) -> Conditions:
    """Conditions that were written as JSON."""
    return msgspec.json.decode(conditions, type=Conditions)


def _members(value: Any, names: list[str]) -> Iterator[Any]:
    """Everything at the path, lists laid open."""
    if isinstance(value, list):
        for element in value:
            yield from _members(element, names)
    elif not names:
        yield value
    elif isinstance(value, dict) and names[0] in value:
        yield from _members(value[names[0]], names[1:])


def _holds(condition: Condition, found: list[Any]) -> bool:
    if isinstance(condition, Probe):
        return _exists(condition.exists, found) and _begins(condition.prefix, found)
    if not found:
        return any(wanted is False for wanted in condition)
    return any(_equal(member, wanted) for member in found for wanted in condition)


def _exists(wanted: bool | None, found: list[Any]) -> bool:
    return wanted is None or bool(found) is wanted


def _begins(prefix: str | None, found: list[Any]) -> bool:
    return prefix is None or any(isinstance(one, str) and one.startswith(prefix) for one in found)


def _equal(member: Any, wanted: Scalar) -> bool:
    """As JSON has it: `true` is not 1, but 1.0 is."""
    return isinstance(member, bool) is isinstance(wanted, bool) and bool(member == wanted)
