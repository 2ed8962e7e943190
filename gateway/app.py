"""The composition root: puts one gateway together, from its settings. Only here is a store chosen."""

import os
from collections.abc import Sequence
from pathlib import Path

from adapters.base import Secrets
from adapters.event import Event
from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.rounds import Rounds
from gateway.api.application import application
from gateway.clock import Clock, system_clock
from gateway.deliver.announcer import Operator
from gateway.deliver.dispatcher import Dispatcher, Terms
from gateway.deliver.transport import Transport
from gateway.directory import Directory
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.inbound.answers import Receive, Scope, Send
from gateway.inbound.connector import Connector
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.inbound.webhooks import PREFIX, Webhooks
from gateway.metrics import Counts
from gateway.recovery import Recovery
from gateway.renormaliser import Renormaliser
from gateway.services import Services
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.retention import Retention
from gateway.store.sqlite import Room, SqliteStore
from gateway.upkeep import Upkeep
from gateway.vault import Vault

DAY_MS = 86_400_000
MIB = 1 << 20


class Gateway:
    """One gateway: an ASGI application, and the workers behind it.

    `start` before the first request, `stop` after the last. `open` and `close` alone give the API
    without deliveries, for a command that runs beside no server.
    """

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.store = open_store(settings)
        self.directory = Directory(self.store)
        self.refusals = Refusals()
        self._transport = Transport(settings.allow_networks, proxy=settings.egress_proxy)
        terms = Terms(schedule=settings.retry_schedule, operator_url=settings.operator_url)
        self.dispatcher = Dispatcher(self.store, self._transport, self.directory, terms, clock)
        connector = Connector(self.store, self.directory, auto_connect=settings.auto_connect)
        intake = Intake(self.store, self.directory, self.dispatcher, connector, clock)
        secrets = Secrets(app_secrets=settings.app_secrets, verify_token=settings.verify_token)
        self._webhooks = Webhooks(secrets, self.directory, intake, self.refusals, clock)
        self._graph = Graph(settings.graph_url, settings.graph_version)
        self._downloads = Downloads(settings.graph_url, settings.allow_networks)
        self._operator = Operator(self._transport, settings.operator_url)
        looking = doctor(self._graph, self.directory, settings)
        self._rounds = Rounds(self.directory, Care(self.store, self.directory, looking, self._tell), clock)
        self._upkeep = Upkeep(self.store, self.dispatcher, clock, retention(settings))
        renormaliser = Renormaliser(self.store, self.directory, self.dispatcher, clock)
        self._recovery = Recovery(self.store, self.dispatcher, renormaliser, clock)
        self._api = application(
            Services(
                settings=settings,
                store=self.store,
                directory=self.directory,
                refusals=self.refusals,
                counts=Counts(
                    elements=intake.counts,
                    refusals=self.refusals.counts,
                    attempts=self.dispatcher.attempts,
                    open_circuits=self.dispatcher.open_circuits,
                    tunnels=self._transport.tunnels,
                ),
                clock=clock,
                wake=self.dispatcher.wake,
                intake=intake,
                graph=self._graph,
                downloads=self._downloads,
                doorbell=self.dispatcher.doorbell,
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Webhooks take the short way; everything else goes through the API's framework."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._webhooks(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def open(self) -> None:
        """Open the store: enough for the API."""
        await self.store.open()
        await self.directory.reload()

    async def close(self) -> None:
        """Close the store and the connections to Meta."""
        await self._downloads.close()
        await self._graph.close()
        await self.store.close()

    async def start(self) -> None:
        """Open, take up what was left, begin to deliver."""
        await self.open()
        await self._transport.start()
        await self.dispatcher.start()
        self._upkeep.start()
        self._recovery.start()
        self._rounds.start()

    def _tell(self, event: Event, endpoint_ids: Sequence[str]) -> None:
        for endpoint_id in endpoint_ids:
            self.dispatcher.wake(endpoint_id)
        self._operator.tell(event)

    def hang_up(self) -> None:
        """Answer who waits for events and end the streams: a server that stops waits for its requests."""
        self.dispatcher.doorbell.close()

    async def stop(self) -> None:
        """Finish what is under way, then close."""
        self.hang_up()
        await self._rounds.stop()
        await self._recovery.stop()
        await self._upkeep.stop()
        await self.dispatcher.stop()
        await self._transport.close()
        await self.close()


def open_store(settings: Settings) -> Store:
    """The store that `GATEWAY_STORE` names, not opened yet."""
    path = Path(settings.store.removeprefix("sqlite:///"))
    os.makedirs(path.parent, exist_ok=True)
    room = Room(settings.min_free_disk_mb * MIB)
    return SqliteStore(path, Vault(*settings.encryption_key), room=room)


def retention(settings: Settings) -> Retention:
    """How long things are kept; what has no age of its own goes with its event."""
    events = settings.retention_days
    raw, attempts = settings.retention_raw_days, settings.retention_attempts_days
    return Retention(
        events_ms=events * DAY_MS,
        raw_ms=(events if raw is None else raw) * DAY_MS,
        attempts_ms=(events if attempts is None else attempts) * DAY_MS,
    )
