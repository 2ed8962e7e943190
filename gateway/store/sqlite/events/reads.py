"""Lists of events, single events, and the platform's bytes of them."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from typing import Any

from msgspec import Struct

from adapters.event import Placement, place
from gateway.store.base import RawExpired
from gateway.store.keys import remembered_as
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import EventFilter, Page, PageRequest, RawElement, StoredEvent
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.paging import Conditions, direction
from gateway.store.sqlite.layout.registry import NOBODY
from gateway.store.sqlite.records.seen import KEY_OF_EVENT

_COLUMNS = "e.key, e.id, e.body, e.customers, e.received_at, e.superseded_by"
_ALL = ("events e", "e.key", "e")
_OF_CUSTOMER = ("listings l CROSS JOIN events e ON e.key = l.event", "l.event", "l")
_OF_CONVERSATION = ("places p CROSS JOIN events e ON e.key = p.event", "p.event", "e")
_LISTED = "EXISTS (SELECT 1 FROM listings WHERE customer = ? AND event = e.key)"
_CONVERSATION = "p.conversation = (SELECT key FROM conversations WHERE id = ?)"
_EVENT = f"SELECT {_COLUMNS}, e.envelope, e.element_start, e.element_end FROM events e WHERE e.key = ?"
_CUSTOMER = "SELECT key FROM customers WHERE id = ?"
_VISIBLE = "SELECT 1 FROM listings WHERE customer = ? AND event = ?"


class _Query(Struct, frozen=True):
    """A list under construction. `source`, `key` and `about`: the tables, their order, what is filtered."""

    source: str
    key: str
    about: str
    conditions: Conditions

    def run(self, connection: sqlite3.Connection, request: PageRequest) -> list[Any]:
        _, order = direction(request)
        query = (
            f"SELECT {_COLUMNS} FROM {self.source} WHERE {self.conditions}"
            f" ORDER BY {self.key} {order} LIMIT ?"
        )
        return connection.execute(query, (*self.conditions.values, request.limit + 1)).fetchall()


def list_events(
    connection: sqlite3.Connection, customer_id: str | None, which: EventFilter, request: PageRequest
) -> Page[StoredEvent]:
    """One page. What nobody owns is the operator's to see. Raises InvalidCursor."""
    comparison, _ = direction(request)
    (last,) = position(request, 1) or (None,)
    customer = NOBODY if which.unrouted else customer_key(connection, customer_id)
    if customer_id is not None and customer in (NOBODY, None):
        return Page(data=(), next_cursor=None)
    query = _visible_to(customer, which)
    conditions, key, about = query.conditions, query.key, query.about
    conditions.add(f"{key} {comparison} ?", last)
    conditions.add(f"{key} >= ?", None if which.since is None else first_key(which.since))
    conditions.add(f"{key} < ?", None if which.until is None else first_key(which.until))
    conditions.add(f"{about}.name GLOB ?", which.event)
    conditions.add(f"{about}.page IN (SELECT key FROM pages WHERE platform = ?)", which.platform)
    conditions.add(f"{about}.page IN (SELECT key FROM pages WHERE page_id = ?)", which.page_id)
    return page_of(query.run(connection, request), request, _stored_event, lambda event: event.cursor)


def _visible_to(customer: int | None, which: EventFilter) -> _Query:
    conditions = Conditions()
    if which.conversation_id is not None:
        conditions.add(_CONVERSATION, which.conversation_id)
        conditions.add(_LISTED, customer)
        return _Query(*_OF_CONVERSATION, conditions)
    conditions.add("l.customer = ?", customer)
    return _Query(*(_ALL if customer is None else _OF_CUSTOMER), conditions)


def read_event(connection: sqlite3.Connection, customer_id: str | None, event_id: str) -> StoredEvent | None:
    """None: the customer has no such event."""
    row = _visible_row(connection, customer_id, event_id)
    return None if row is None else _stored_event(row[:6])


def read_raw(connection: sqlite3.Connection, customer_id: str | None, event_id: str) -> RawElement | None:
    """None: the customer has no such event, or it was made by the gateway. Raises RawExpired."""
    row = _visible_row(connection, customer_id, event_id)
    if row is None or row[7] is None:
        return None
    if row[6] is None:
        raise RawExpired(f"the raw element of {event_id} is not kept, or not any more")
    return RawElement(event_id=event_id, envelope=row[6], element=(row[7], row[8]))


def visible_key(connection: sqlite3.Connection, customer_id: str | None, event_id: str) -> int | None:
    """The key of an event that the customer may see."""
    found = connection.execute(KEY_OF_EVENT, (remembered_as(event_id),)).fetchone()
    if found is None or customer_id is None:
        return None if found is None else int(found[0])
    listed = connection.execute(_VISIBLE, (customer_key(connection, customer_id), found[0])).fetchone()
    return None if listed is None else int(found[0])


def _visible_row(connection: sqlite3.Connection, customer_id: str | None, event_id: str) -> Any:
    key = visible_key(connection, customer_id, event_id)
    return None if key is None else connection.execute(_EVENT, (key,)).fetchone()


def customer_key(connection: sqlite3.Connection, customer_id: str | None) -> int | None:
    """None: there is no such customer."""
    row = connection.execute(_CUSTOMER, (customer_id,)).fetchone()
    return None if row is None else int(row[0])


def _stored_event(row: tuple[int, str, bytes, str, int, str | None]) -> StoredEvent:
    key, identifier, body, customers, received_at, superseded_by = row
    if superseded_by is not None:
        # Not in the stored body: what is still on its way must be the same on every attempt.
        body = place(body, Placement(superseded_by=tuple(superseded_by.split())))
    return StoredEvent(
        id=identifier,
        body=body,
        customer_ids=tuple(customers.split()),
        received_at=received_at,
        cursor=cursor(key),
    )
