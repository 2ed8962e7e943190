"""Taking the content out of events that have been delivered, for customers who want it so.

A sweep notes the customer's events in their order. What is noted is looked at again and again, some at a
time and from the oldest to the newest, until it has arrived: so whatever ends a delivery needs to know
nothing of this, and who has no such customer pays nothing for it.
"""

import sqlite3
from collections.abc import Collection
from typing import Any

from gateway.store.emptying import emptied
from gateway.store.sqlite.layout.registry import Registry

_AGAIN = 500
"""Events looked at again in one step."""
_FROM = "SELECT emptying_from FROM customers WHERE key = ?"
_NEXT = "SELECT event FROM listings WHERE customer = ? AND event > ? ORDER BY event LIMIT ?"
_NOTE = "INSERT OR IGNORE INTO emptying (event, gone) VALUES (?, 0)"
# An event that a customer comes by late: those behind it may have been noted.
NOTE_LATE = """
    INSERT OR IGNORE INTO emptying (event, gone)
    SELECT ?1, 0 FROM customers WHERE key = ?2 AND emptying_from >= ?1
"""
_MOVE = "UPDATE customers SET emptying_from = ? WHERE key = ?"
_WAITING = "SELECT event FROM emptying WHERE gone = 0 AND event > ? ORDER BY event LIMIT ?"
# One that is dead could still be recovered, unless its endpoint is gone.
_ARRIVED = """
    SELECT customers, body FROM events WHERE key = ?1
    AND NOT EXISTS (SELECT 1 FROM open_deliveries WHERE event = ?1)
    AND NOT EXISTS (
        SELECT 1 FROM finished_deliveries f JOIN endpoints p ON p.key = f.endpoint
        WHERE f.event = ?1 AND f.state = 'dead' AND p.record IS NOT NULL
    )
"""
_EMPTY = "UPDATE events SET body = ?, envelope = NULL WHERE key = ?"
_GONE = "UPDATE emptying SET gone = 1 WHERE event = ?"
# The place of an endpoint that does not pull is NULL, which `min` passes over.
_REACHED = """
    SELECT c.id, coalesce(min(p.acknowledged), 9223372036854775807)
    FROM endpoints p JOIN customers c ON c.key = p.customer WHERE p.record IS NOT NULL GROUP BY c.id
"""


class Emptying:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._registry = registry
        self._looked_at = 0
        """Up to which key the present round has come."""

    def step(self, customer_ids: Collection[str], limit: int) -> int:
        """How many were new or were emptied."""
        new = sum(self._note(customer_id, limit) for customer_id in customer_ids)
        reached = dict(self._execute(_REACHED).fetchall())
        upto = {one: reached[one] for one in customer_ids if one in reached}
        gone = [event for event in self._round() if self._empty(event, upto)]
        return new + len(gone)

    def _note(self, customer_id: str, limit: int) -> int:
        customer = self._registry.customer(customer_id)
        if customer is None:
            return 0
        (begin,) = self._execute(_FROM, (customer,)).fetchone()
        events = self._execute(_NEXT, (customer, begin, limit)).fetchall()
        if events:
            self._connection.executemany(_NOTE, events)
            self._execute(_MOVE, (events[-1][0], customer))
        return len(events)

    def _round(self) -> list[int]:
        events = [event for (event,) in self._execute(_WAITING, (self._looked_at, _AGAIN))]
        self._looked_at = events[-1] if len(events) == _AGAIN else 0
        return events

    def _empty(self, event: int, upto: dict[str, int]) -> bool:
        """Whether it has arrived. `upto`: what each customer has of what it pulls."""
        row: Any = self._execute(_ARRIVED, (event,)).fetchone()
        if row is None or not all(event <= upto.get(owner, 0) for owner in row[0].split()):
            return False
        self._execute(_EMPTY, (emptied(row[1]), event))
        self._execute(_GONE, (event,))
        return True
