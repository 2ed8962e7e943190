"""Keys that grow with time: milliseconds * 4096 plus a counter, exact in a double until the year 2039.

Those of events are given by the commit script; these are for what is made before a commit.
"""

_PER_MS = 4096
LATEST = (1 << 53) - 1


def first_key(at: int) -> int:
    """The smallest key of this moment."""
    return min(at * _PER_MS, LATEST)


def moment_of(key: int) -> int:
    """The moment that a key stands for."""
    return key // _PER_MS


class Keys:
    """Gives keys, each greater than all before it in this process."""

    def __init__(self, salt: int) -> None:
        """`salt`: what tells processes apart that make a key in the same millisecond."""
        self._salt = salt % _PER_MS
        self._last = 0

    def next(self, at: int) -> int:
        """The key of what is made at this moment."""
        self._last = max(self._last + 1, first_key(at) + self._salt)
        return self._last
