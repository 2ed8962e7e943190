"""How far messages have come: a status that comes after a higher one is stale."""

import sqlite3
from collections.abc import Callable

from gateway.store.keys import message_key, period
from gateway.store.standing import Conversation

_RANK = """
    SELECT max(rank) FROM (
        SELECT rank FROM status_ranks WHERE period = ?1 AND message = ?2
        UNION ALL SELECT rank FROM status_ranks WHERE period = ?1 - 1 AND message = ?2
        UNION ALL SELECT rank FROM status_ranks WHERE period = ?1 - 2 AND message = ?2
    )
"""
_RAISE = "INSERT OR REPLACE INTO status_ranks (period, message, rank) VALUES (?, ?, ?)"
_PASSED = "SELECT 1 FROM watermarks WHERE conversation = ? AND rank > ? AND watermark_ms >= ?"
_ADVANCE = """
    INSERT INTO watermarks (conversation, rank, watermark_ms) VALUES (?, ?, ?)
    ON CONFLICT (conversation, rank) DO UPDATE SET watermark_ms = max(watermark_ms, excluded.watermark_ms)
"""


def highest_rank(execute: Callable[..., sqlite3.Cursor], page: int, message_id: str, at: int) -> int:
    """How far a message is, as statuses have told; 0 where none has."""
    (rank,) = execute(_RANK, (period(at), message_key(page, message_id))).fetchone()
    return int(rank or 0)


class Statuses:
    """Remembers the highest status of each message for a week, and how far each conversation has come.

    Used by the writer only.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def is_ahead(self, message: int, rank: int, at: int) -> bool:
        """Whether the message was further; if it was not as far, it is now."""
        (highest,) = self._execute(_RANK, (period(at), message)).fetchone()
        if highest is None or highest < rank:
            self._execute(_RAISE, (period(at), message, rank))
        return highest is not None and highest > rank

    def is_passed(self, conversation: Conversation, rank: int, watermark_ms: int) -> bool:
        """Whether everything up to the watermark was further; if it was not as far, it is now."""
        moved = (conversation.key, rank, watermark_ms)
        self._execute(_ADVANCE, moved)
        return self._execute(_PASSED, moved).fetchone() is not None
