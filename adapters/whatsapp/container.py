"""The JSON around items: the arrays that hold them, and objects left open for one of them."""

from msgspec import Raw
from msgspec.json import encode

from adapters._envelope import is_object
from adapters._members import items


def listed(raw: Raw | None) -> list[Raw]:
    """The items of an array; an object that stands in its place counts as the one item."""
    if raw is None:
        return []
    found = items(raw)
    return found if found is not None else [raw] if is_object(raw) else []


def indexed(raw: Raw | None) -> list[tuple[str, Raw]]:
    """The same items, each with what leads to it in a JSON pointer."""
    found = listed(raw)
    if raw is not None and is_object(raw):
        return [("", raw)]
    return [(f"/{n}", item) for n, item in enumerate(found)]


def opening(members: dict[str, Raw]) -> bytes:
    """An object of these members, left open for one more."""
    return b"{" + b"".join([b"%b:%b," % (encode(key), bytes(raw)) for key, raw in members.items()])


def array(name: str) -> bytes:
    """A member that is an array, left open for its items."""
    return encode(name) + b":["
