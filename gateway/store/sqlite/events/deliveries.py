"""Lists of deliveries, single deliveries, and their attempts."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from typing import Any

import msgspec

from gateway.store.identifiers import delivery_id, parts_of_delivery
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Attempt, Delivery, DeliveryFilter, Page, PageRequest
from gateway.store.sqlite.events.reads import visible_key
from gateway.store.sqlite.layout.lines import TRIED, UNTRIED
from gateway.store.sqlite.layout.paging import Conditions, direction

_SHOWN = """
    SELECT d.event, d.endpoint, e.id, p.id, d.state, d.created_at, d.due_at, d.finished_at,
        (SELECT count(*) FROM attempts a WHERE a.event = d.event AND a.endpoint = d.endpoint)
    FROM ({chosen}) d JOIN events e ON e.key = d.event JOIN endpoints p ON p.key = d.endpoint
    ORDER BY d.event {order}, d.endpoint {order}
"""
# Open deliveries are read in the order of their key: by an index, a million would be sorted first.
_OPEN = f"""
    SELECT event, endpoint, iif(tried > 0, 'failed', 'pending') AS state, created_at,
        iif(stage IN ({UNTRIED}, {TRIED}), due_at, NULL) AS due_at, NULL AS finished_at
    FROM open_deliveries NOT INDEXED WHERE {{conditions}}
"""
_FINISHED = """
    SELECT event, endpoint, state, created_at, NULL AS due_at, finished_at
    FROM finished_deliveries WHERE {conditions}
"""
_TABLES = {"pending": (_OPEN,), "failed": (_OPEN,), "delivered": (_FINISHED,), "dead": (_FINISHED,)}
# The plus keeps SQLite from gathering all deliveries of the customer before it sorts them.
_OF_CUSTOMER = (
    "+endpoint IN (SELECT key FROM endpoints WHERE customer = (SELECT key FROM customers WHERE id = ?))"
)
_OF_ENDPOINT = "endpoint = (SELECT key FROM endpoints WHERE id = ?)"
_ENDPOINT = "SELECT key FROM endpoints WHERE id = ?"
_ATTEMPTS = """
    SELECT at, duration_ms, error, status, detail, response, request_headers, response_headers FROM attempts
    WHERE event = ? AND endpoint = ? ORDER BY claim
"""


def list_deliveries(
    connection: sqlite3.Connection, customer_id: str | None, which: DeliveryFilter, request: PageRequest
) -> Page[Delivery]:
    """One page. Raises InvalidCursor."""
    event = None
    if which.event_id is not None:
        event = visible_key(connection, customer_id, which.event_id)
        if event is None:
            return Page(data=(), next_cursor=None)
    comparison, _ = direction(request)
    conditions = Conditions()
    conditions.add(_OF_CUSTOMER, customer_id)
    conditions.add(_OF_ENDPOINT, which.endpoint_id)
    conditions.add("event = ?", event)
    conditions.add("state = ?", which.state)
    conditions.add(f"(event, endpoint) {comparison} (?, ?)", *(position(request, 2) or (None,)))
    tables = (_OPEN, _FINISHED) if which.state is None else _TABLES[which.state]
    rows = _choose(connection, tables, conditions, request)
    return page_of(rows, request, _delivery, lambda delivery: delivery.cursor)


def read_delivery(
    connection: sqlite3.Connection, customer_id: str | None, identifier: str
) -> Delivery | None:
    """None: the customer has no such delivery."""
    parts = parts_of_delivery(identifier)
    if parts is None:
        return None
    which = DeliveryFilter(event_id=parts[0], endpoint_id=parts[1])
    found = list_deliveries(connection, customer_id, which, PageRequest(limit=1)).data
    return found[0] if found else None


def read_attempts(
    connection: sqlite3.Connection, customer_id: str | None, identifier: str
) -> list[Attempt] | None:
    """Oldest first. None: the customer has no such delivery."""
    delivery = read_delivery(connection, customer_id, identifier)
    if delivery is None:
        return None
    event = visible_key(connection, customer_id, delivery.event_id)
    (endpoint,) = connection.execute(_ENDPOINT, (delivery.endpoint_id,)).fetchone()
    return [attempt_of(row) for row in connection.execute(_ATTEMPTS, (event, endpoint))]


def attempt_of(row: Any) -> Attempt:
    """An attempt, of what its row has behind its key."""
    at, duration, error, status, detail, response, sent, answered = row
    return Attempt(
        at=at,
        duration_ms=duration,
        error=error,
        status=status,
        detail=detail,
        response=response,
        request_headers=_headers(sent),
        response_headers=_headers(answered),
    )


def _headers(text: str | None) -> dict[str, str]:
    return {} if text is None else msgspec.json.decode(text, type=dict[str, str])


def _choose(
    connection: sqlite3.Connection, tables: tuple[str, ...], conditions: Conditions, request: PageRequest
) -> list[Any]:
    _, order = direction(request)
    union = " UNION ALL ".join(table.format(conditions=conditions) for table in tables)
    chosen = f"{union} ORDER BY event {order}, endpoint {order} LIMIT ?"
    query = _SHOWN.format(chosen=chosen, order=order)
    return connection.execute(query, (*conditions.values * len(tables), request.limit + 1)).fetchall()


def _delivery(row: Any) -> Delivery:
    event, endpoint, event_id, endpoint_id, state, created_at, due_at, finished_at, attempts = row
    return Delivery(
        id=delivery_id(event_id, endpoint_id),
        event_id=event_id,
        endpoint_id=endpoint_id,
        state=state,
        attempts=attempts,
        created_at=created_at,
        due_at=due_at,
        finished_at=finished_at,
        cursor=cursor(event, endpoint),
    )
