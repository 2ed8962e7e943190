"""How the deliveries of endpoints go."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections import Counter

from gateway.store.records import Backlog, EndpointStats
from gateway.store.sqlite.layout.lines import LEASED, TRIED, UNTRIED

NEWEST = 10_000
"""So many finished deliveries are looked at, and so many open ones: a busy day has millions."""
_ENDPOINT = "SELECT key FROM endpoints WHERE id = ?"
_FINISHED = f"""
    SELECT event, state, finished_at FROM finished_deliveries WHERE endpoint = ?1
    ORDER BY event DESC LIMIT {NEWEST}
"""
_RETRIED = f"SELECT event FROM open_deliveries WHERE endpoint = ?1 AND stage = {TRIED} LIMIT {NEWEST}"
_ATTEMPTS = f"""
    WITH newest AS (SELECT event FROM ({_FINISHED}) UNION ALL SELECT event FROM ({_RETRIED}))
    SELECT a.duration_ms, a.error FROM newest CROSS JOIN attempts a
    ON a.event = newest.event AND a.endpoint = ?1 WHERE a.at >= ?2 ORDER BY a.duration_ms
"""
_DEAD = f"SELECT count(*) FROM ({_FINISHED}) WHERE state = 'dead' AND finished_at >= ?2"
_OPEN = "SELECT count(*), coalesce(sum(tried > 0), 0) FROM open_deliveries WHERE endpoint = ?"
_OLDEST_DUE = f"SELECT min(due_at) FROM open_deliveries WHERE endpoint = ? AND stage IN ({UNTRIED}, {TRIED})"
# A question per endpoint and stage, answered from the index: a million deliveries may wait.
BACKLOG = f"""
    SELECT id, min(due_at) FROM (
        SELECT e.id, (
            SELECT min(d.due_at) FROM open_deliveries d WHERE d.endpoint = e.key AND d.stage = s.column1
        ) AS due_at
        FROM endpoints e CROSS JOIN (VALUES ({UNTRIED}), ({TRIED}), ({LEASED})) s
        WHERE e.record IS NOT NULL
    ) WHERE due_at IS NOT NULL GROUP BY id
"""


def read_backlog(connection: sqlite3.Connection) -> list[Backlog]:
    """The endpoints that have something to claim, and from when on.

    What is leased counts with the end of its lease: whoever had it may have lost it.
    """
    return [Backlog(endpoint_id=name, due_at=due_at) for name, due_at in connection.execute(BACKLOG)]


def read_endpoint_stats(connection: sqlite3.Connection, endpoint_id: str, since: int) -> EndpointStats:
    """Nothing at all for an endpoint that is not known."""
    (endpoint,) = connection.execute(_ENDPOINT, (endpoint_id,)).fetchone() or (None,)
    attempts = connection.execute(_ATTEMPTS, (endpoint, since)).fetchall()
    (dead,) = connection.execute(_DEAD, (endpoint, since)).fetchone()
    still_open, failed = connection.execute(_OPEN, (endpoint,)).fetchone()
    (oldest_due_at,) = connection.execute(_OLDEST_DUE, (endpoint,)).fetchone()
    return EndpointStats(
        durations_ms=tuple(duration for duration, _ in attempts),
        errors=dict(Counter(error for _, error in attempts if error is not None)),
        dead=dead,
        pending=still_open - failed,
        failed=failed,
        oldest_due_at=oldest_due_at,
    )
