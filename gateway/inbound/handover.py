"""What a process does with new deliveries if it only receives: the processes that deliver are told."""

from collections import Counter
from collections.abc import Sequence

from gateway.doorbell import Doorbell
from gateway.neighbours import Neighbours
from gateway.store.records import Job


class Handover:
    """A `Deliverer` that delivers nothing itself."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.doorbell = Doorbell()
        """Rings for endpoints that pull."""
        self.attempts: Counter[tuple[str, str]] = Counter()
        """None are made here."""

    def reserve(self, endpoint_id: str) -> bool:
        """Nothing is claimed here."""
        return False

    def release(self, endpoint_id: str) -> None:
        """Nothing was reserved."""

    def take(self, jobs: Sequence[Job]) -> None:
        """Nothing was claimed."""

    def wake(self, endpoint_id: str) -> None:
        """Tell whoever delivers, and who waits for it here or there."""
        self.expect(endpoint_id)
        self._neighbours.due(endpoint_id)

    def expect(self, endpoint_id: str) -> None:
        """Who waits here may look."""
        self.doorbell.ring(endpoint_id)

    def reconfigured(self) -> None:
        """Nothing is remembered of endpoints."""

    async def sweep(self) -> None:
        """What waits in the store is for others."""

    def open_circuits(self) -> int:
        """There is none."""
        return 0
