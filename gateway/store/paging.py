"""Pages of a list: where one ends is the cursor of the next, whatever is added or deleted meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gateway.store.base import InvalidCursor
from gateway.store.records import Page, PageRequest

Item = TypeVar("Item")


def position(request: PageRequest, parts: int) -> tuple[int, ...] | None:
    """The keys of the last item of the page before. Raises InvalidCursor."""
    return None if request.cursor is None else keys_of(request.cursor, parts)


def keys_of(text: str, parts: int) -> tuple[int, ...]:
    """The keys that a cursor is made of. Raises InvalidCursor."""
    numbers = text.split("-")
    if len(numbers) != parts or not all(_is_key(number) for number in numbers):
        raise InvalidCursor(f"{text!r} is not a cursor of this list")
    return tuple(int(number) for number in numbers)


def _is_key(number: str) -> bool:
    """Whether a store could have given it: 63 bits, which are up to 19 digits."""
    return number.isascii() and number.isdecimal() and len(number) < 20 and int(number) < 2**63


def cursor(*keys: int) -> str:
    """The cursor of an item with these keys."""
    return "-".join(map(str, keys))


def page_of(
    rows: Sequence[Any], request: PageRequest, show: Callable[[Any], Item], cursor_of: Callable[[Item], str]
) -> Page[Item]:
    """The page made of the rows that were found: one more than asked for tells that there are more."""
    data = tuple(show(row) for row in rows[: request.limit])
    more = len(rows) > request.limit
    return Page(data=data, next_cursor=cursor_of(data[-1]) if more and data else None)
