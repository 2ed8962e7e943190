"""Deliveries that were claimed at accept and wait in memory for a slot of their endpoint.

Leaving them to the store would cost a claim, which reads back what was in memory a moment ago. What is due
in the store gets a free slot before those who stand by, so that they starve nobody. They go back to the
store when their lease has become too short for an exchange, or when the endpoint takes nothing.
"""

from asyncio import TimerHandle
from collections import deque

from gateway.store.base import LEASE_MARGIN_MS
from gateway.store.records import Job

PLACES_PER_SLOT = 4
WAIT_MS = LEASE_MARGIN_MS * 2 // 5
"""From the arrival on. The rest of the lease's margin is for the commits before and after the exchange."""


class Standby:
    """The places of one endpoint: first promised to an arrival, then taken by its job."""

    __slots__ = ("_jobs", "_promised", "alarm", "slow")

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._promised = 0
        self.alarm: TimerHandle | None = None
        """When to look for those that have waited too long."""
        self.slow = False
        """Some have waited too long since the last exchange landed: nobody else should begin to wait."""

    def __len__(self) -> int:
        return len(self._jobs)

    def promise(self, places: int) -> bool:
        """Keep a place for an arrival, if one of so many is free."""
        if self.slow or len(self._jobs) + self._promised >= places:
            return False
        self._promised += 1
        return True

    def withdraw(self) -> bool:
        """No job comes for a promised place. False: none was promised."""
        if not self._promised:
            return False
        self._promised -= 1
        return True

    def add(self, job: Job) -> None:
        """A job takes its promised place."""
        self._promised -= 1
        self._jobs.append(job)

    def next(self) -> Job:
        """The job that has waited longest leaves its place."""
        return self._jobs.popleft()

    def overdue(self, now: int) -> list[Job]:
        """Those that have waited too long leave their places."""
        left = []
        while self._jobs and self._jobs[0].created_at <= now - WAIT_MS:
            left.append(self._jobs.popleft())
            self.slow = True
        return left

    def clear(self) -> list[Job]:
        """All leave their places."""
        left = list(self._jobs)
        self._jobs.clear()
        return left
