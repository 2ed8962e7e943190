"""A rate limit: so many deliveries per second, and after a rest as many at once as one second allows.

A bucket of tokens, kept as one moment (the "generic cell rate algorithm"): the moment at which the bucket
would be full again. Every token taken moves it on by the interval between two deliveries. No I/O, no
clock: times are passed in, in Unix milliseconds.
"""

import math

BURST_MS = 1_000


class Pace:
    """The rate limit of one endpoint."""

    __slots__ = ("_burst_ms", "_full_at", "_interval_ms", "rate")

    def __init__(self, rate: int, sharers: int = 1) -> None:
        """`sharers`: how many processes keep this limit together."""
        self.rate = (rate, sharers)
        """Deliveries per second, and among how many."""
        self._interval_ms = BURST_MS * sharers / rate
        self._burst_ms = max(BURST_MS, self._interval_ms)
        self._full_at = 0.0

    def free(self, now: int) -> int:
        """How many deliveries may start now."""
        room_ms = self._burst_ms - max(0.0, self._full_at - now)
        return math.floor(room_ms / self._interval_ms + 1e-6)

    def take(self, tokens: int, now: int) -> None:
        """So many deliveries are about to start."""
        self._full_at = max(self._full_at, now) + tokens * self._interval_ms

    def give_back(self, tokens: int) -> None:
        """So many of them did not start."""
        self._full_at -= tokens * self._interval_ms

    def ready_at(self) -> int:
        """When the next delivery may start."""
        return math.ceil(self._full_at + self._interval_ms - self._burst_ms)
