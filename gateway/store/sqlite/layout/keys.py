"""The keys of events, and of what is quarantined: Unix milliseconds times 2^20, plus a counter.

They grow with time, so a key is a moment too: lists by time, cursors and retention are ranges of keys.
"""

import hashlib
import sqlite3

_COUNTER_BITS = 20
_LATEST_MS = (1 << (63 - _COUNTER_BITS)) - 1
"""The year 2248: a later moment has no key of its own."""


class TimeKeys:
    """Gives each row of a table a key that is greater than all before."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        (last,) = connection.execute(f"SELECT max(key) FROM {table}").fetchone()  # noqa: S608
        self._last = int(last or 0)

    def next(self, at: int) -> int:
        """The key of what is taken in at this moment; a clock that goes back does not matter."""
        self._last = max(self._last + 1, first_key(at))
        return self._last


def first_key(at: int) -> int:
    """The smallest key of this moment."""
    return min(at, _LATEST_MS) << _COUNTER_BITS


def moment_of(key: int) -> int:
    """The moment that a key stands for."""
    return key >> _COUNTER_BITS


def erased_digest(conversation_id: str) -> bytes:
    """What is kept of the id of an erased conversation, so that it is not given again."""
    return hashlib.blake2b(conversation_id.encode(), digest_size=16).digest()
