"""Lists: newest first, in pages, with an opaque cursor that stays right while new items arrive."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, Generic, Literal, Protocol, TypeVar

from msgspec import Meta, Struct

from gateway.api.bodies import Input
from gateway.api.problems import invalid
from gateway.store.base import InvalidCursor
from gateway.store.records import Page, PageRequest

Seconds = Annotated[int, Meta(ge=0, le=7_258_118_400)]
"""Unix seconds up to the year 2200; larger numbers are milliseconds, refused rather than guessed at."""

Item = TypeVar("Item")
Shown = TypeVar("Shown")


def check_window(since: int | None, until: int | None) -> None:
    """Raises Problem (422) for a window that ends before it begins: nothing could be in it."""
    if since is not None and until is not None and until < since:
        raise invalid("until", "is before `since`")


class Query(Input, frozen=True, kw_only=True):
    """What every operation with a key may be asked."""

    customer_id: str | None = None
    """For the operator: act for this customer, or see only what is this customer's."""


class ListQuery(Query, frozen=True, kw_only=True):
    """What every list may be asked."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    """At most so many items."""
    cursor: str | None = None
    """The `next_cursor` of the page before, with otherwise the same parameters."""
    order: Literal["asc", "desc"] = "desc"
    """`desc`: newest first. `asc`: oldest first."""

    def page(self) -> PageRequest:
        """The same for a store."""
        return PageRequest(limit=self.limit, cursor=self.cursor, ascending=self.order == "asc")


class Listing(Struct, Generic[Item], frozen=True, kw_only=True):
    """One page of a list."""

    data: tuple[Item, ...]
    next_cursor: str | None
    """Where the next page begins; null on the last one."""


class Dated(Protocol):
    """What a list in memory is sorted by."""

    @property
    def id(self) -> str: ...

    @property
    def created_at(self) -> int: ...


Record = TypeVar("Record", bound=Dated)


def shown(page: Page[Item], show: Callable[[Item], Shown]) -> Listing[Shown]:
    """A store's page as the API shows it."""
    return Listing(data=tuple(show(item) for item in page.data), next_cursor=page.next_cursor)


def listing(records: Iterable[Record], query: ListQuery, show: Callable[[Record], Shown]) -> Listing[Shown]:
    """One page of what is in memory."""
    ascending = query.order == "asc"
    ordered = sorted(records, key=_place, reverse=not ascending)
    if query.cursor is not None:
        last = _decode(query.cursor)
        ordered = [one for one in ordered if (_place(one) > last if ascending else _place(one) < last)]
    page = ordered[: query.limit]
    more = len(ordered) > len(page)
    return Listing(
        data=tuple(show(record) for record in page), next_cursor=_encode(page[-1]) if more else None
    )


def _place(record: Dated) -> tuple[int, str]:
    return (record.created_at, record.id)


def _encode(record: Dated) -> str:
    return base64.urlsafe_b64encode(f"{record.created_at}:{record.id}".encode()).decode()


def _decode(cursor: str) -> tuple[int, str]:
    try:
        moment, _, identifier = base64.urlsafe_b64decode(cursor).decode().partition(":")
        return (int(moment), identifier)
    except (binascii.Error, ValueError):
        raise InvalidCursor(f"{cursor!r} is not a cursor of this list") from None
