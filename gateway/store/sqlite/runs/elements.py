"""The elements that a re-normalisation looks at: of events, then of the quarantine, each in their order."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Sequence
from typing import Any

from gateway.store.paging import cursor, keys_of
from gateway.store.renormalisation import ElementPage, KeptElement, RenormalisationPlan
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.paging import Conditions

SCANNED = 1_000
"""Events that one read looks at, at most: a filter may leave out a million between two that fit."""
PAGE_BYTES = 1 << 20
"""A page ends with the element that fills it: one in quarantine may have 4 MiB."""
EVENTS, QUARANTINE = range(2)
"""What the first number of a position says; the second is a key."""
# What the store derived has no element; what is superseded lives on in what replaced it.
_OF_EVENTS = """
    FROM events e CROSS JOIN pages p ON p.key = e.page
    WHERE e.envelope IS NOT NULL AND e.superseded_by IS NULL
"""
_ELEMENTS = (
    f"SELECT e.key, p.platform, e.envelope, e.id, p.page_id, e.body, e.customers, e.revision {_OF_EVENTS}"
)
_LAST_SCANNED = f"SELECT key FROM events WHERE key > ? AND key < ? ORDER BY key LIMIT 1 OFFSET {SCANNED - 1}"
_UNREADABLE = "SELECT key, platform, body FROM quarantine"

Row = tuple[Any, ...]


def count_elements(connection: sqlite3.Connection, plan: RenormalisationPlan) -> int:
    """How many elements the plan takes now."""
    begin = _beginning(plan)
    events = _conditions(plan, begin)
    (count,) = connection.execute(f"SELECT count(*) {_OF_EVENTS} AND {events}", events.values).fetchone()
    if plan.quarantine:
        unreadable = _quarantined(plan, begin)
        query = f"SELECT count(*) FROM quarantine WHERE {unreadable}"
        count += connection.execute(query, unreadable.values).fetchone()[0]
    return int(count)


def read_elements(
    connection: sqlite3.Connection, plan: RenormalisationPlan, position: str, limit: int
) -> ElementPage:
    """The next stretch of the plan. Raises InvalidCursor."""
    part, after = keys_of(position, 2) if position else (EVENTS, _beginning(plan))
    if part == EVENTS:
        return _of_events(connection, plan, after, limit)
    return _of_quarantine(connection, plan, after, limit)


def _beginning(plan: RenormalisationPlan) -> int:
    return max(first_key(plan.since) - 1, 0)


def _of_events(
    connection: sqlite3.Connection, plan: RenormalisationPlan, after: int, limit: int
) -> ElementPage:
    span = (after, first_key(plan.until))
    (last,) = connection.execute(_LAST_SCANNED, span).fetchone() or (None,)
    conditions = _conditions(plan, after)
    conditions.add("e.key <= ?", last)
    rows, full = _page(connection, f"{_ELEMENTS} AND {conditions} ORDER BY e.key", conditions, limit)
    elements = tuple(_kept(row) for row in rows)
    if full:
        return ElementPage(elements=elements, position=cursor(EVENTS, rows[-1][0]), more=True)
    if last is not None:
        return ElementPage(elements=elements, position=cursor(EVENTS, last), more=True)
    behind = cursor(QUARANTINE, _beginning(plan))
    return ElementPage(elements=elements, position=behind, more=plan.quarantine)


def _of_quarantine(
    connection: sqlite3.Connection, plan: RenormalisationPlan, after: int, limit: int
) -> ElementPage:
    conditions = _quarantined(plan, after)
    rows, full = _page(connection, f"{_UNREADABLE} WHERE {conditions} ORDER BY key", conditions, limit)
    elements = tuple(KeptElement(place=row[0], platform=row[1], envelope=row[2]) for row in rows)
    reached = rows[-1][0] if rows else after
    return ElementPage(elements=elements, position=cursor(QUARANTINE, reached), more=full)


def _page(
    connection: sqlite3.Connection, query: str, conditions: Conditions, limit: int
) -> tuple[Sequence[Row], bool]:
    """The rows, and whether there may be more of them. The third column is what makes a row large."""
    rows: list[Row] = []
    size = 0
    found = connection.execute(f"{query} LIMIT ?", (*conditions.values, limit))
    for row in found:
        rows.append(row)
        size += len(row[2])
        if size >= PAGE_BYTES:
            found.close()
            return rows, True
    return rows, len(rows) == limit


def _conditions(plan: RenormalisationPlan, after: int) -> Conditions:
    conditions = Conditions()
    conditions.add("e.key > ?", after)
    conditions.add("e.key < ?", first_key(plan.until))
    conditions.add("e.customers = ?", plan.customer_id)
    conditions.add("e.name GLOB ?", plan.event)
    conditions.add("p.platform = ?", plan.platform)
    conditions.add("p.page_id = ?", plan.page_id)
    return conditions


def _quarantined(plan: RenormalisationPlan, after: int) -> Conditions:
    conditions = Conditions()
    conditions.add("key > ?", after)
    conditions.add("key < ?", first_key(plan.until))
    conditions.add("platform = ?", plan.platform)
    return conditions


def _kept(row: Row) -> KeptElement:
    key, platform, envelope, event_id, page_id, body, customers, revision = row
    return KeptElement(
        place=key,
        platform=platform,
        envelope=envelope,
        event_id=event_id,
        page_id=page_id,
        body=body,
        customer_ids=tuple(customers.split()),
        revision=revision,
    )
