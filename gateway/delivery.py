"""The part of a gateway that delivers, and does what must be done with time: whole, or not at all."""

from gateway.clock import Clock
from gateway.deliver.announcer import Operator
from gateway.deliver.dispatcher import Dispatcher, Terms
from gateway.deliver.proxy import Tunnels
from gateway.deliver.transport import Transport
from gateway.directory import Directory
from gateway.emptying import Emptying
from gateway.neighbours import Neighbours
from gateway.recovery import Recovery
from gateway.renormaliser import Renormaliser
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.retention import Retention
from gateway.upkeep import Upkeep

DAY_MS = 86_400_000


class Delivery:
    """The dispatcher with its transport, and the loops beside the traffic."""

    def __init__(
        self, settings: Settings, store: Store, directory: Directory, neighbours: Neighbours, clock: Clock
    ) -> None:
        self._transport = Transport(settings.allow_networks, proxy=settings.egress_proxy)
        self.operator = Operator(self._transport, settings.operator_url)
        terms = Terms(
            schedule=settings.retry_schedule, operator_url=settings.operator_url, neighbours=neighbours
        )
        self.dispatcher = Dispatcher(store, self._transport, directory, terms, clock)
        on_duty = neighbours.on_duty
        self._upkeep = Upkeep(store, self.dispatcher, clock, retention(settings), on_duty)
        self._emptying = Emptying(store, directory, on_duty)
        renormaliser = Renormaliser(store, directory, self.dispatcher, clock)
        self._recovery = Recovery(store, self.dispatcher, renormaliser, clock, on_duty)

    @property
    def tunnels(self) -> Tunnels | None:
        """How the egress proxy does; None: there is none."""
        return self._transport.tunnels

    async def start(self) -> None:
        """Take up what was left, begin to deliver. Raises StoreUnavailable."""
        await self._transport.start()
        await self.dispatcher.start()
        self._upkeep.start()
        self._emptying.start()
        self._recovery.start()

    async def stop(self) -> None:
        """Start nothing more; finish what is under way."""
        await self._recovery.stop()
        await self._emptying.stop()
        await self._upkeep.stop()
        await self.dispatcher.stop()
        await self._transport.close()


def retention(settings: Settings) -> Retention:
    """How long things are kept; what has no age of its own goes with its event."""
    events = settings.retention_days
    raw, attempts = settings.retention_raw_days, settings.retention_attempts_days
    return Retention(
        events_ms=events * DAY_MS,
        raw_ms=(events if raw is None else raw) * DAY_MS,
        attempts_ms=(events if attempts is None else attempts) * DAY_MS,
    )
