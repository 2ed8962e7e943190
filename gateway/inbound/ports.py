"""What receiving needs of delivering, so that a process that only receives can do without it."""

from collections.abc import Sequence
from typing import Protocol

from gateway.store.records import Job


class Deliverer(Protocol):
    """The dispatcher, seen from the receiving side."""

    def reserve(self, endpoint_id: str) -> bool:
        """Take a slot of the endpoint, or a place on standby, for a job that is about to be stored."""
        ...

    def release(self, endpoint_id: str) -> None:
        """Give the slot back: the store did not claim the job."""

    def take(self, jobs: Sequence[Job]) -> None:
        """Deliver jobs whose slots are reserved."""

    def wake(self, endpoint_id: str) -> None:
        """Something is due for the endpoint that nobody has claimed."""
