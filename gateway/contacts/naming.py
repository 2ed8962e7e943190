"""Whether stored bytes name a person. Pure.

A value counts where it stands alone: as a whole JSON string or number, not as a part of what somebody
wrote. Otherwise erasing one person would take messages of others that happen to hold the same digits.
"""

import re
from collections.abc import Collection
from typing import Any

import msgspec

from gateway.contacts.reach import is_within
from gateway.store.records import Arrival

_PLAIN = re.compile(r"[0-9A-Za-z._:+-]*")


def names(content: bytes | None, values: Collection[str]) -> bool:
    """Whether JSON holds one of the values as a string or number of its own, at any depth."""
    if not content or not any(_may_be_in(content, value) for value in values):
        return False
    try:
        return _holds(msgspec.json.decode(content), frozenset(values))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return mentions(content, values)


def concerns(arrival: Arrival, values: Collection[str], scopes: Collection[str]) -> bool:
    """Whether what waits to be taken in is somebody's, or names them, where their ids mean them."""
    event, person = arrival.decoded.event, arrival.decoded.person
    if not is_within(scopes, event.platform, event.page_id, event.waba_id):
        return False
    if person is not None and any(one.value in values for one in person.identities):
        return True
    return names(arrival.decoded.envelope, values) or names(arrival.body, values)


def mentions(content: bytes, values: Collection[str]) -> bool:
    """The same of bytes that are no JSON: the value between characters that cannot belong to an id."""
    return any(
        re.search(rb"(?<![0-9A-Za-z.])" + re.escape(value.encode()) + rb"(?![0-9A-Za-z])", content)
        for value in values
    )


def _may_be_in(content: bytes, value: str) -> bool:
    """Cheap, and never wrong about what is not there: JSON may write anything but plain letters otherwise."""
    return value.encode() in content or (b"\\" in content and not _PLAIN.fullmatch(value))


def _holds(node: Any, values: frozenset[str]) -> bool:
    if isinstance(node, dict):
        return any(key in values or _holds(member, values) for key, member in node.items())
    if isinstance(node, list):
        return any(_holds(member, values) for member in node)
    return not isinstance(node, bool) and isinstance(node, str | int) and str(node) in values
