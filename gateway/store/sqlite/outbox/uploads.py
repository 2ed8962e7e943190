"""Whose uploads media are."""

import sqlite3

from gateway.store.outbox import UPLOADED_MS

_KEEP = "INSERT OR REPLACE INTO uploads (platform, media, page_id, until) VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM uploads WHERE until <= ?"
_PAGE = "SELECT page_id FROM uploads WHERE platform = ? AND media = ? AND until > ?"


class Uploads:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def keep(self, platform: str, page_id: str, media_id: str, now: int) -> None:
        """Remember one, and forget those whose time is over."""
        self._execute(_DROP, (now,))
        self._execute(_KEEP, (platform, media_id, page_id, now + UPLOADED_MS))


def read_uploader(connection: sqlite3.Connection, platform: str, media_id: str, now: int) -> str | None:
    """The page that has uploaded it; None: not known."""
    row = connection.execute(_PAGE, (platform, media_id, now)).fetchone()
    return None if row is None else str(row[0])
