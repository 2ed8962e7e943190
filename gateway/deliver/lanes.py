"""The lanes of all endpoints, each as its endpoint is configured at the moment it is asked for."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from gateway.deliver.ceiling import Ceiling
from gateway.deliver.lane import Lane
from gateway.directory import Directory


class Lanes:
    """Made when first asked for. The directory is asked each time, so no change can be missed."""

    def __init__(self, directory: Directory, limit: int, sharers: Callable[[], int] = lambda: 1) -> None:
        """`sharers`: how many processes deliver now; they divide each endpoint's limits among them."""
        self._directory = directory
        self._sharers = sharers
        self._lanes: dict[str, Lane] = {}
        self.ceiling = Ceiling(limit)

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def get(self, endpoint_id: str, now: int) -> Lane | None:
        """The lane of an endpoint; None if it pulls, or was never among those of this process."""
        lane = self._lanes.get(endpoint_id)
        endpoint = self._directory.endpoints.get(endpoint_id)
        if lane is None:
            if endpoint is None or endpoint.type == "pull":
                return None
            lane = self._lanes[endpoint_id] = Lane(endpoint, self.ceiling)
        elif endpoint is None:
            self._retire(lane)
        elif endpoint is not lane.endpoint:
            lane.adopt(endpoint, now)
        lane.divide(self._sharers())
        return lane

    def _retire(self, lane: Lane) -> None:
        """The endpoint is deleted: start nothing, and forget it once its last exchange has landed."""
        lane.endpoint = replace(lane.endpoint, status="disabled")
        if lane.idle:
            self._lanes.pop(lane.endpoint.id, None)
