"""A request under way."""

from collections.abc import Callable

from msgspec import Struct

from gateway.deliver.exchange import Exchange, Failure, Request, unsent
from gateway.deliver.target import Target


class Transfer(Struct, kw_only=True):
    """A request, where it goes, and who waits for what comes of it."""

    request: Request
    done: Callable[[Exchange], None]
    target: Target
    started: float
    """On the event loop's clock, in seconds."""
    addresses: tuple[str, ...] = ()
    """Vetted; tried in this order."""

    @property
    def deadline(self) -> float:
        """When the exchange must be over, on the event loop's clock."""
        return self.started + self.request.timeout_ms / 1000

    def fail(self, reason: Failure, now: float) -> Exchange:
        """What comes of it if there is nothing to show but a reason."""
        return unsent(reason, round((now - self.started) * 1000))
