"""What accounts that changed hands have left behind: their events and messages follow, step by step.

A step looks through the former owner's listings from where the one before it ended. What a request brings
that began before the move is further on in them.
"""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3

import msgspec
from msgspec.structs import replace

from gateway.store.outgoing_rows import Row
from gateway.store.progress import handed_over
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.records.outgoing_rows import COLUMNS, DONE, OutboxRows, row_of
from gateway.store.sqlite.upkeep.emptying import NOTE_LATE

_BEGIN = "INSERT INTO moves (page, former, owner, position) VALUES (?, ?, ?, 0)"
_FIRST = "SELECT key, page, former, owner, position FROM moves ORDER BY key LIMIT 1"
_ADVANCE = "UPDATE moves SET position = ? WHERE key = ?"
_END = "DELETE FROM moves WHERE key = ?"
_LISTED = "SELECT event, page FROM listings WHERE customer = ? AND event > ? ORDER BY event LIMIT ?"
_LIST = """
    INSERT OR IGNORE INTO listings (customer, event, name, page)
    SELECT ?, event, name, page FROM listings WHERE customer = ? AND event = ?
"""
_UNLIST = "DELETE FROM listings WHERE customer = ? AND event = ?"
_OWN = """
    UPDATE events SET customers = trim(replace(' ' || customers || ' ', ' ' || ? || ' ', ' ' || ? || ' '))
    WHERE key = ?
"""
_MESSAGES = f"SELECT {COLUMNS} FROM outgoing WHERE page = ? AND customer_id = ? LIMIT ?"
_OPEN = f"SELECT {COLUMNS} FROM outgoing WHERE page = ? AND customer_id = ? AND stage < {DONE}"
_PUT_MESSAGE = "UPDATE outgoing SET customer_id = ?, record = ? WHERE key = ?"


class Moves:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry, rows: OutboxRows) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._registry = registry
        self._rows = rows

    def begin(self, page: tuple[str, str], former: str, owner: str) -> None:
        """The history of a page goes to its new owner; what is on its way out goes at once."""
        key = self._registry.page(*page)
        self._execute(_BEGIN, (key, former, owner))
        for row in self._messages(_OPEN, key, former):
            self._hand_over(row, owner)
            self._rows.save(row, handed_over(row.message, row.progress))

    def follow(self, limit: int) -> int:
        """One step over so many rows at most; how many it did, 0: nothing is left behind."""
        found = self._execute(_FIRST).fetchone()
        if found is None:
            return 0
        key, page, former, owner, position = found
        listed = self._execute(_LISTED, (self._registry.customer(former), position, limit)).fetchall()
        if listed:
            self._relist([event for event, of in listed if of == page], former, owner)
            self._execute(_ADVANCE, (listed[-1][0], key))
            return len(listed)
        messages = self._messages(_MESSAGES, page, former, limit)
        for row in messages:
            self._hand_over(row, owner)
        if not messages:
            self._execute(_END, (key,))
        return len(messages) or 1

    def _relist(self, events: list[int], former: str, owner: str) -> None:
        old, new = self._registry.customer(former), self._registry.customer(owner)
        self._connection.executemany(_LIST, [(new, old, event) for event in events])
        self._connection.executemany(NOTE_LATE, [(event, new) for event in events])
        self._connection.executemany(_UNLIST, [(old, event) for event in events])
        self._connection.executemany(_OWN, [(former, owner, event) for event in events])

    def _messages(self, query: str, *values: int | str) -> list[Row]:
        return [row_of(columns) for columns in self._execute(query, values).fetchall()]

    def _hand_over(self, row: Row, owner: str) -> None:
        record = msgspec.json.encode(replace(row.message, customer_id=owner))
        self._execute(_PUT_MESSAGE, (owner, record, row.key))
