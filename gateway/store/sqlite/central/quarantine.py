"""Signed bytes that could not be read."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from adapters.base import Quarantined
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest, QuarantineEntry
from gateway.store.sqlite.layout.keys import TimeKeys
from gateway.store.sqlite.layout.paging import direction

_INSERT = (
    "INSERT INTO quarantine (key, platform, received_at, reason, pointer, body) VALUES (?, ?, ?, ?, ?, ?)"
)
_LIST = "SELECT * FROM quarantine WHERE key {comparison} ? ORDER BY key {order} LIMIT ?"
_LAST_KEY = 2**63 - 1


class Quarantine:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._keys = TimeKeys(connection, "quarantine")

    def add(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        """Keep them, in their order."""
        rows = [
            (self._keys.next(received_at), platform, received_at, item.reason, item.pointer, item.body)
            for item in items
        ]
        self._connection.executemany(_INSERT, rows)


def list_quarantined(connection: sqlite3.Connection, request: PageRequest) -> Page[QuarantineEntry]:
    """One page. Raises InvalidCursor."""
    comparison, order = direction(request)
    (last,) = position(request, 1) or ((0 if request.ascending else _LAST_KEY),)
    query = _LIST.format(comparison=comparison, order=order)
    rows = connection.execute(query, (last, request.limit + 1)).fetchall()
    return page_of(rows, request, _entry, lambda entry: entry.id.removeprefix("qrt_"))


def _entry(row: tuple[Any, ...]) -> QuarantineEntry:
    key, platform, received_at, reason, pointer, body = row
    return QuarantineEntry(
        id=f"qrt_{cursor(key)}",
        platform=platform,
        received_at=received_at,
        reason=reason,
        pointer=pointer,
        body=body,
    )
