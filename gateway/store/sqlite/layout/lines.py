"""The order within a conversation: who waits behind whom at an endpoint."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3

from gateway.store.sqlite.layout.bulk import Bulk

UNTRIED, TRIED, LEASED, BEHIND = range(4)
"""The stages of an open delivery: due for the first time, due again, being tried, waiting in its line."""

_BUSY = "SELECT 1 FROM open_deliveries WHERE endpoint = ? AND line = ? LIMIT 1"
_BUSY_BEFORE = "SELECT 1 FROM open_deliveries WHERE endpoint = ? AND line = ? AND event < ? LIMIT 1"
# Never reads a whole line: a hundred thousand may wait in it.
_WAITING_HEADS = f"""
    WITH left (endpoint, line) AS (VALUES {{rows}})
    SELECT d.event, d.endpoint, d.line FROM left CROSS JOIN open_deliveries d
    ON d.endpoint = left.endpoint AND d.stage = {BEHIND} AND d.event = (
        SELECT event FROM open_deliveries WHERE endpoint = left.endpoint AND line = left.line
        ORDER BY event LIMIT 1
    )
"""
# Due since it was made, so that the endpoint's oldest work comes first.
_RELEASE = f"""
    UPDATE open_deliveries SET stage = {UNTRIED}, due_at = created_at WHERE event = ? AND endpoint = ?
"""

Line = tuple[int, int]
"""An endpoint and a conversation."""


class Lines:
    """One line per endpoint and conversation: its first delivery may go, the others are behind it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._executemany = connection.cursor().executemany
        self._waiting_heads = Bulk(connection, _WAITING_HEADS, 2)

    def busy(self, endpoint: int, line: int) -> bool:
        """Whether a new delivery must wait."""
        return self._execute(_BUSY, (endpoint, line)).fetchone() is not None

    def busy_before(self, endpoint: int, line: int, event: int) -> bool:
        """Whether the delivery of this event must wait."""
        return self._execute(_BUSY_BEFORE, (endpoint, line, event)).fetchone() is not None

    def release(self, lines: set[Line]) -> set[Line]:
        """Let the first of each line go, if it waits. Returns the lines where one became due."""
        heads = self._waiting_heads.run(list(lines))
        self._executemany(_RELEASE, [(event, endpoint) for event, endpoint, _ in heads])
        return {(endpoint, line) for _, endpoint, line in heads}
