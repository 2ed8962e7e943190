"""The keys of events, and of what is quarantined: Unix milliseconds times 2^20, plus a counter.

They grow with time, so a key is a moment too: lists by time, cursors and retention are ranges of keys.
"""

import hashlib
import sqlite3

_COUNTER_BITS = 20
_LATEST_MS = (1 << (63 - _COUNTER_BITS)) - 1
"""The year 2248: a later moment has no key of its own."""
DAY_MS = 86_400_000
PERIOD_MS = 4 * DAY_MS
"""What is remembered for at least 8 days is kept by period: this one and two before it are looked up."""


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


def period(at: int) -> int:
    """The period of this moment."""
    return at // PERIOD_MS


def message_key(page: int, message_id: str) -> int:
    """64 bits that stand for a message of a page: its id is up to 200 characters long."""
    digest = hashlib.blake2b(f"{page}:{message_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def erased_digest(conversation_id: str) -> bytes:
    """What is kept of the id of an erased conversation, so that it is not given again."""
    return hashlib.blake2b(conversation_id.encode(), digest_size=16).digest()
