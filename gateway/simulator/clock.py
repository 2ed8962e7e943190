"""The simulated time: it goes with its source, and may be put forward, never back."""

from collections.abc import Callable

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Milliseconds. `source` gives Unix milliseconds; one that stands still makes a run repeatable."""

    def __init__(self, source: Callable[[], int]) -> None:
        self._source = source
        self._ahead = 0

    def now_ms(self) -> int:
        """The simulated moment."""
        return self._source() + self._ahead

    def now_s(self) -> int:
        """The same in seconds, as most of Meta's numbers are."""
        return self.now_ms() // SECOND

    def advance(self, seconds: float) -> None:
        """Put the clock forward. Raises ValueError for a negative time."""
        if seconds < 0:
            raise ValueError("time goes forward only")
        self._ahead += int(seconds * SECOND)
