"""Who hears what receivers answer, besides the dispatcher."""

from typing import Protocol

from gateway.deliver.exchange import Exchange
from gateway.store.endpoint import Endpoint
from gateway.store.records import Job


class Listener(Protocol):
    """Told of a successful answer before the delivery is recorded: what dies in between comes again."""

    def wants(self, endpoint: Endpoint, exchange: Exchange) -> bool: ...

    async def hear(self, endpoint: Endpoint, job: Job, exchange: Exchange) -> None:
        """Durable when this returns; heard again, nothing new. Raises StoreUnavailable."""
