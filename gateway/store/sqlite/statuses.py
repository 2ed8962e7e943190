"""How far messages have come: a status that comes after a higher one is stale."""

import sqlite3

from adapters.event import Event, patch
from gateway.store.sqlite.keys import message_key, period

_RANK = """
    SELECT max(rank) FROM (
        SELECT rank FROM status_ranks WHERE period = ?1 AND message = ?2
        UNION ALL SELECT rank FROM status_ranks WHERE period = ?1 - 1 AND message = ?2
        UNION ALL SELECT rank FROM status_ranks WHERE period = ?1 - 2 AND message = ?2
    )
"""
_RAISE = "INSERT OR REPLACE INTO status_ranks (period, message, rank) VALUES (?, ?, ?)"


class Statuses:
    """Remembers the highest status of each message for a week. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def marked(self, event: Event, body: bytes, page: int, at: int) -> bytes:
        """The body of a status event; `stale` if all its messages were further already."""
        status = event.status
        if status is None or status.rank is None or not status.message_ids:
            return body
        ahead = [self._is_ahead(message_key(page, one), status.rank, at) for one in status.message_ids]
        return patch(body, "status", {"stale": True}) if all(ahead) else body

    def _is_ahead(self, message: int, rank: int, at: int) -> bool:
        """Whether the message was further; if it was not as far, it is now."""
        (highest,) = self._execute(_RANK, (period(at), message)).fetchone()
        if highest is None or highest < rank:
            self._execute(_RAISE, (period(at), message, rank))
        return highest is not None and highest > rank
