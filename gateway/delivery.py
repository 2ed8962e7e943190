"""The part of a gateway that delivers, and does what must be done with time: whole, or not at all."""

from gateway.clock import Clock
from gateway.deliver.dispatcher import Dispatcher, Terms
from gateway.deliver.transport import Transport
from gateway.directory import Directory
from gateway.neighbours import Neighbours
from gateway.recovery import Recovery
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.upkeep import Upkeep


class Delivery:
    """The dispatcher with its transport, and the loops beside the traffic."""

    def __init__(
        self, settings: Settings, store: Store, directory: Directory, neighbours: Neighbours, clock: Clock
    ) -> None:
        self._transport = Transport(settings.allow_networks)
        terms = Terms(
            schedule=settings.retry_schedule, operator_url=settings.operator_url, neighbours=neighbours
        )
        self.dispatcher = Dispatcher(store, self._transport, directory, terms, clock)
        on_duty = neighbours.on_duty
        self._upkeep = Upkeep(store, self.dispatcher, clock, settings.retention_days, on_duty)
        self._recovery = Recovery(store, self.dispatcher, clock, on_duty)

    async def start(self) -> None:
        """Take up what was left, begin to deliver. Raises StoreUnavailable."""
        await self._transport.start()
        await self.dispatcher.start()
        self._upkeep.start()
        self._recovery.start()

    async def stop(self) -> None:
        """Start nothing more; finish what is under way."""
        await self._recovery.stop()
        await self._upkeep.stop()
        await self.dispatcher.stop()
        await self._transport.close()
