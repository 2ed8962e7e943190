"""The composition root: puts one gateway together, from its settings. Only here is a store chosen."""

import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

from adapters.base import Secrets
from gateway.api import routes
from gateway.api.application import application
from gateway.clock import Clock, system_clock
from gateway.correspondence import Correspondence
from gateway.deliver.dispatcher import Dispatcher
from gateway.delivery import Delivery
from gateway.directory import Directory
from gateway.ground import Ground
from gateway.inbound.answers import Receive, Scope, Send
from gateway.inbound.callbacks import Callbacks
from gateway.inbound.connector import Connector
from gateway.inbound.handover import Handover
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.inbound.webhooks import PREFIX, Webhooks
from gateway.metrics import Counts
from gateway.migration import Compared, Migration, Report
from gateway.neighbours import Alone, Ears, Neighbours
from gateway.pulse import Pulse
from gateway.services import Services
from gateway.settings import Settings
from gateway.store.address import RedisAddress, SqliteAddress, StoreAddress
from gateway.store.redis import RedisStore
from gateway.store.redis.central.neighbours import RedisNeighbours
from gateway.store.sqlite import NO_FLOOR, Room, SqliteStore
from gateway.store.sqlite import back_up as back_up_sqlite
from gateway.vault import Vault

MIB = 1 << 20
Role = Literal["all", "ingest", "deliver"]
"""`ingest`: webhooks and the API. `deliver`: deliveries, health and metrics."""


class Gateway:
    """One gateway: an ASGI application, and the workers behind it.

    `start` before the first request, `stop` after the last. `open` and `close` alone give the API
    without deliveries, for a command that runs beside no server.
    """

    def __init__(self, settings: Settings, role: Role = "all", clock: Clock = system_clock) -> None:
        self._role = role
        self.store, self.neighbours = open_store(settings), neighbours_of(settings, role)
        self.directory = Directory(self.store, self.neighbours)
        self._delivery: Delivery | None = None
        self.deliverer: Dispatcher | Handover = Handover(self.neighbours)
        if role != "ingest":
            self._delivery = Delivery(settings, self.store, self.directory, self.neighbours, clock)
            self.deliverer = self._delivery.dispatcher
        ground = Ground(settings, self.store, self.directory, self.neighbours, clock)
        connector = Connector(self.store, self.directory, auto_connect=settings.auto_connect)
        intake = Intake(self.store, self.directory, self.deliverer, connector, clock)
        self._correspondence = Correspondence(ground, self.deliverer, self._delivery, intake)
        people = self._correspondence.acquaintance
        self._pulse = Pulse(self.store)
        self.refusals = refusals = Refusals()
        intake.tell(people.profiles.met)
        told = (settings.app_secrets, settings.public_url, people.matching.seek)
        self._callbacks = Callbacks(self.store, self.directory, refusals, clock, told)
        secrets = Secrets(app_secrets=settings.app_secrets, verify_token=settings.verify_token)
        self._webhooks = Webhooks(secrets, self.directory, intake, refusals, clock)
        services = Services(
            settings=settings,
            store=self.store,
            directory=self.directory,
            refusals=refusals,
            counts=Counts(
                elements=intake.counts,
                refusals=refusals.counts,
                attempts=self.deliverer.attempts,
                open_circuits=self.deliverer.open_circuits,
                tunnels=None if self._delivery is None else self._delivery.tunnels,
            ),
            clock=clock,
            wake=self.deliverer.wake,
            refresh=people.profiles.refresh,
            match=people.matching.find_apps,
            find_pages=people.matching.find_pages,
            seek=people.matching.seek,
            intake=intake,
            care=self._correspondence.care,
            fetch=self._correspondence.rounds.wake,
            graph=self._correspondence.graph,
            downloads=self._correspondence.downloads,
            doorbell=self.deliverer.doorbell,
            sending=self._correspondence.sending,
        )
        self._api = application(services, routes.HEALTH if role == "deliver" else routes.OPERATIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Webhooks take the short way; everything else goes through the API's framework."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX) and self._role != "deliver":
            asked = self._callbacks if self._callbacks.takes(scope["path"]) else self._webhooks
            await asked(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def open(self) -> None:
        """Open the store: enough for the API."""
        await self.store.open()
        await self.directory.reload()

    async def close(self) -> None:
        """Leave the other processes, close the store and the connections to Meta."""
        await self.neighbours.stop()
        await self._correspondence.close()
        await self.store.close()

    async def start(self) -> None:
        """Open, join the other processes, take up what was left, begin to deliver."""
        await self.open()
        await self.neighbours.start(
            Ears(
                changed=self._reconfigure,
                due=self.deliverer.expect,
                send=self._correspondence.sending.expect,
                look=self._look,
            )
        )
        if self._delivery is not None:
            await self._delivery.start()
        self._correspondence.start()
        self._pulse.start()

    async def erase(self) -> None:
        """Carry on every erasure that has begun, to its end: for a command that runs beside no server."""
        await self._correspondence.acquaintance.eraser.advance()

    async def match(self) -> None:
        """Look now for the people whose erasures wait for their ids to be found."""
        matching = self._correspondence.acquaintance.matching
        matching.due()
        await matching.advance()

    def hang_up(self) -> None:
        """Answer who waits for events and end the streams: a server that stops waits for its requests."""
        self.deliverer.doorbell.close()

    async def stop(self) -> None:
        """Finish what is under way, then close."""
        self.hang_up()
        await self.neighbours.retire()
        await self._pulse.stop()
        await self._correspondence.stop()
        if self._delivery is not None:
            await self._delivery.stop()
        await self.close()

    async def _reconfigure(self) -> None:
        """Another process has changed the configuration."""
        await self.directory.reload()
        self.deliverer.reconfigured()

    async def _look(self) -> None:
        """What another process has said may have been lost."""
        await self.deliverer.sweep()
        self.deliverer.doorbell.ring_all()


def neighbours_of(settings: Settings, role: Role) -> Neighbours:
    """The other processes on the same store."""
    if isinstance(settings.store, RedisAddress):
        return RedisNeighbours(settings.store, delivers=role != "ingest")
    return Alone()


def open_store(settings: Settings) -> SqliteStore | RedisStore:
    """The store that `GATEWAY_STORE` names, not opened yet."""
    return _store(settings.store, Vault(*settings.encryption_key), Room(settings.min_free_disk_mb * MIB))


def _store(address: StoreAddress, vault: Vault, room: Room) -> SqliteStore | RedisStore:
    if isinstance(address, RedisAddress):
        return RedisStore(address, vault)
    path = Path(address.path)
    os.makedirs(path.parent, exist_ok=True)
    return SqliteStore(path, vault, room=room)


def back_up(store: SqliteAddress, target: Path) -> None:
    """Copy the file of a store, which a gateway may be serving, into a new one. Raises StoreUnavailable."""
    back_up_sqlite(Path(store.path), target)


async def migration(
    keys: tuple[bytes, ...], old: StoreAddress, new: StoreAddress, report: Report
) -> Compared:
    """Move a store's content into another one and compare them; what both hold.

    Raises StoreUnavailable, Conflict, NotTheSame.
    """
    async with AsyncExitStack() as stack:
        source, target = (_store(address, Vault(*keys), NO_FLOOR) for address in (old, new))
        for store in (source, target):
            await store.open()
            stack.push_async_callback(store.close)
        move = Migration(source.leaving(), target.restoring(), target.leaving(), report)
        await move.move()
        return await move.compare()
