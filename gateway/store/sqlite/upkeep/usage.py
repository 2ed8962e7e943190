"""Usage, counted behind the traffic: the events after the last one that was counted, in one step."""

import sqlite3
from typing import Any

from gateway.store.usage import Usage

_COUNTED = "SELECT coalesce((SELECT value FROM facts WHERE name = 'usage_counted'), 0)"
_REACHED = "SELECT count(*), max(key) FROM (SELECT key FROM events WHERE key > ? ORDER BY key LIMIT ?)"
_ADVANCE = "INSERT OR REPLACE INTO facts (name, value) VALUES ('usage_counted', ?)"
# An echo of what the gateway has sent is the `message.sent` that was counted already.
_MESSAGES = """
    SELECT strftime('%Y-%m', e.received_at / 1000, 'unixepoch') AS month, c.value AS customer_id, e.page,
        e.conversation, e.name = 'message.received' AS received
    FROM events e, json_each('["' || replace(e.customers, ' ', '","') || '"]') c
    WHERE e.key > ?1 AND e.key <= ?2 AND e.customers <> ''
        AND (e.name IN ('message.received', 'message.sent') OR e.name = 'message.echo'
            AND json_extract(CAST(e.body AS TEXT), '$.origin') IS NOT 'gateway')
"""
_COUNT_MESSAGES = f"""
    INSERT INTO usage (month, customer_id, page, received, sent, conversations)
    SELECT month, customer_id, page, sum(received), sum(NOT received), 0 FROM ({_MESSAGES}) GROUP BY 1, 2, 3
    ON CONFLICT DO UPDATE SET received = received + excluded.received, sent = sent + excluded.sent
"""  # noqa: S608 (only a constant is written into SQL)
_NEW_CONVERSATIONS = f"""
    SELECT DISTINCT month, customer_id, m.page, counted_as(c.id, customer_id) AS counted
    FROM ({_MESSAGES}) m JOIN conversations c ON c.key = m.conversation
    WHERE NOT EXISTS (SELECT 1 FROM counted_conversations k WHERE (k.month, k.name) = (m.month, counted))
"""  # noqa: S608
_COUNT_CONVERSATION = (
    "UPDATE usage SET conversations = conversations + 1 WHERE month = ? AND customer_id = ? AND page = ?"
)
_REMEMBER = "INSERT INTO counted_conversations (month, name) VALUES (?, ?)"
_FORGET = """
    DELETE FROM counted_conversations WHERE month < (
        SELECT strftime('%Y-%m', received_at / 1000, 'unixepoch', 'start of month', '-1 month')
        FROM events WHERE key = ?
    )
"""
_READ = """
    SELECT customer_id, platform, page_id, month, received, sent, conversations
    FROM usage JOIN pages ON pages.key = page WHERE month = ?1 AND (?2 IS NULL OR customer_id = ?2)
    ORDER BY customer_id, platform, page_id
"""


class Tally:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, limit: int) -> int:
        """One step; how many events it looked at."""
        execute = self._connection.execute
        (counted,) = execute(_COUNTED).fetchone()
        events, reached = execute(_REACHED, (counted, limit)).fetchone()
        if events == 0:
            return 0
        execute(_COUNT_MESSAGES, (counted, reached))
        fresh = execute(_NEW_CONVERSATIONS, (counted, reached)).fetchall()
        self._connection.executemany(_COUNT_CONVERSATION, [row[:3] for row in fresh])
        self._connection.executemany(_REMEMBER, [(row[0], row[3]) for row in fresh])
        execute(_FORGET, (reached,))
        execute(_ADVANCE, (reached,))
        return int(events)


def read_usage(connection: sqlite3.Connection, month: str, customer_id: str | None) -> tuple[Usage, ...]:
    """A month, of one customer or of all."""
    return tuple(_usage(row) for row in connection.execute(_READ, (month, customer_id)))


def _usage(row: tuple[Any, ...]) -> Usage:
    customer_id, platform, page_id, month, received, sent, conversations = row
    return Usage(
        customer_id=customer_id,
        platform=platform,
        page_id=page_id,
        month=month,
        messages_received=received,
        messages_sent=sent,
        conversations=conversations,
    )
