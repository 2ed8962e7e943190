"""The log of a customer's events, as an endpoint pulls it, and how far each has acknowledged it.

There is one writer: keys are given in the order of the commits, so a key is a position in the log and
everything up to a key that can be seen has been committed, or never will be.
"""

import sqlite3

from msgspec import Struct

from gateway.store.paging import cursor, keys_of
from gateway.store.records import Endpoint, LogEntry, LogPage
from gateway.store.sqlite.events.reads import customer_key
from gateway.store.sqlite.layout.keys import first_key

_STRETCH = 2_000
"""So many events are looked at in one read, so that a narrow filter holds up nobody else's."""
_LAST = "SELECT coalesce(max(key), 0) FROM events"
_ACKNOWLEDGE = f"""
    UPDATE endpoints SET acknowledged = max(acknowledged, min(?, ({_LAST}))) WHERE id = ?
"""  # noqa: S608 (only a constant is written into SQL)
_ACKNOWLEDGED = "SELECT coalesce(acknowledged, 0) FROM endpoints WHERE id = ?"
# A `test` is for the endpoint that it was asked for, which does not pull.
_LISTED = """
    SELECT l.event, l.name, p.platform, p.page_id FROM listings l JOIN pages p ON p.key = l.page
    WHERE l.customer = ? AND l.event > ? AND l.name <> 'test'
    AND NOT EXISTS (SELECT 1 FROM emptying WHERE event = l.event AND gone) ORDER BY l.event LIMIT ?
"""
_EVENT = "SELECT id, body, revision FROM events WHERE key = ?"


class Log:
    """The positions of endpoints. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def beginning(self, endpoint: Endpoint) -> int:
        """Where a new endpoint begins: the last event that is not for it."""
        (last,) = self._execute(_LAST).fetchone()
        return int(last) if endpoint.since is None else max(first_key(endpoint.since) - 1, 0)

    def acknowledge(self, endpoint_id: str, upto: str | None) -> str:
        """Move forward, and tell the place. Raises InvalidCursor."""
        if upto is not None:
            self._execute(_ACKNOWLEDGE, (*keys_of(upto, 1), endpoint_id))
        row = self._execute(_ACKNOWLEDGED, (endpoint_id,)).fetchone()
        return cursor(0 if row is None else row[0])


class _Stretch(Struct):
    """What was looked at: `last` is where it ended, `whole` that nothing lay behind it."""

    wanted: list[tuple[int, str]]
    last: int
    whole: bool


def read_log(connection: sqlite3.Connection, endpoint: Endpoint, after: str, limit: int) -> LogPage:
    """What comes next for the endpoint. Raises InvalidCursor."""
    (position,) = keys_of(after, 1)
    stretch = _look_through(connection, endpoint, position, limit)
    entries = tuple(_entry(connection, key, name) for key, name in stretch.wanted)
    return LogPage(entries=entries, cursor=cursor(stretch.last), more=not stretch.whole)


def _look_through(connection: sqlite3.Connection, endpoint: Endpoint, position: int, limit: int) -> _Stretch:
    customer = customer_key(connection, endpoint.customer_id)
    rows = connection.execute(_LISTED, (customer, position, _STRETCH)).fetchall()
    wanted = []
    for key, name, platform, page_id in rows:
        if endpoint.wants(name, platform, page_id):
            wanted.append((key, name))
            if len(wanted) == limit:
                return _Stretch(wanted, key, key == rows[-1][0] and len(rows) < _STRETCH)
    return _Stretch(wanted, rows[-1][0] if rows else position, len(rows) < _STRETCH)


def _entry(connection: sqlite3.Connection, key: int, name: str) -> LogEntry:
    identifier, body, revision = connection.execute(_EVENT, (key,)).fetchone()
    return LogEntry(id=identifier, name=name, body=body, cursor=cursor(key), revision=revision)
