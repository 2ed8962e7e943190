"""The store in one file: this process writes through one thread, and reads beside it."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from adapters.base import Quarantined
from gateway.clock import Clock, system_clock
from gateway.store.base import StoreUnavailable
from gateway.store.keyed import EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.store.records import (
    Account,
    Admission,
    ApiKey,
    App,
    Arrival,
    Attempt,
    Backlog,
    Configuration,
    Customer,
    Delivery,
    DeliveryFilter,
    Emission,
    Endpoint,
    EndpointStats,
    EventFilter,
    Health,
    Job,
    LogPage,
    Outcome,
    Page,
    PageRequest,
    RawElement,
    Settlement,
    StoredEvent,
)
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.retention import Retention
from gateway.store.sqlite.central.configuration import check_key
from gateway.store.sqlite.central.configuration_reads import ConfigurationReads
from gateway.store.sqlite.contract.changes import Changes
from gateway.store.sqlite.contract.outbox import SqliteOutbox
from gateway.store.sqlite.contract.parts import Parts
from gateway.store.sqlite.contract.people import ContactStore
from gateway.store.sqlite.contract.renormalising import RenormalisingPart
from gateway.store.sqlite.contract.restoring import Restoring
from gateway.store.sqlite.dump.leaving import Leaving
from gateway.store.sqlite.events.deliveries import list_deliveries, read_attempts, read_delivery
from gateway.store.sqlite.events.endpoints import read_backlog, read_endpoint_stats
from gateway.store.sqlite.events.log import read_log
from gateway.store.sqlite.events.reads import list_events, read_event, read_raw
from gateway.store.sqlite.file.connection import (
    FileLock,
    close_writer,
    connect_writer,
    empty_log,
    translated,
)
from gateway.store.sqlite.file.disk import NO_FLOOR, Disk, Room
from gateway.store.sqlite.file.readers import Readers
from gateway.store.sqlite.file.schema import migrate, scripts
from gateway.store.sqlite.file.writer import Writer
from gateway.store.sqlite.runs.replay_reads import count_chosen, list_replays, read_replay
from gateway.vault import Vault


class SqliteStore(RenormalisingPart, Parts):
    """The `Store` contract on a SQLite file, which one process owns at a time."""

    def __init__(
        self,
        path: Path,
        vault: Vault,
        clock: Clock = system_clock,
        new_id: Callable[[], UUID] = uuid4,
        room: Room = NO_FLOOR,
    ) -> None:
        """`new_id` makes the keys of contacts."""
        self._path = path
        self._vault = vault
        self._clock = clock
        self._new_id = new_id
        self._lock = FileLock(path)
        self._disk = Disk(path, room)
        self._configuration = ConfigurationReads(vault)

    async def open(self) -> None:
        """Raises StoreInUse, WrongEncryptionKey, or StoreUnavailable for a file that cannot be used."""
        self._lock.acquire()
        try:
            self._connection, self._changes = await asyncio.to_thread(self._prepare)
        except BaseException:
            self._lock.release()
            raise
        self._readers = Readers(self._path)
        self._writer = Writer(self._connection, self._changes.admissions.flush, self._changes.forget)
        self._writer.start()
        self.outbox = SqliteOutbox(self._apart, self._disk.check, self._readers, self._changes)
        parts = (self._changes.contacts, self._changes.erasures)
        self._people = ContactStore(self._readers, self._apart, self._empty_log, parts)
        self._attach(self._apart, self._changes, self._readers)
        await self._disk.look()

    def _prepare(self) -> tuple[sqlite3.Connection, Changes]:
        with translated():
            connection = connect_writer(self._path)
            try:
                migrate(connection, scripts())
                check_key(connection, self._vault)
                changes = Changes(connection, self._vault, self._new_id, self._clock)
                changes.start(self._clock())
            except BaseException:
                connection.close()
                raise
            return connection, changes

    async def close(self) -> None:
        """Answer what was asked, then give the file back."""
        await self._writer.stop()
        await self._readers.close()
        await asyncio.to_thread(close_writer, self._connection)
        self._lock.release()

    def leaving(self) -> Leaving:
        """For `gateway migrate`: tells its whole content, while nothing else uses it."""
        return Leaving(self._readers, self._configuration, self.usage.tally)

    def restoring(self) -> Restoring:
        """For `gateway migrate`: takes in another store's content, while nothing else uses this one."""
        return Restoring(self._apart, self._changes.restorer)

    @property
    def people(self) -> ContactStore:
        return self._people

    async def health(self) -> Health:
        facts: dict[str, Any] = await self._disk.look()
        try:
            if self._disk.suspect:
                await self._apart(self._changes.probe)
                self._disk.proved()
            facts |= await self._apart(self._changes.beat, self._clock())
            self._disk.check()
        except StoreUnavailable as error:
            return self._disk.health(facts, error)
        return self._disk.health(facts)

    async def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        self._disk.check()
        return await self._write(self._changes.admissions.accept, arrivals)

    async def release_held(self, now: int) -> list[Admission]:
        return await self._apart(self._changes.admissions.release_held, now)

    async def emit(self, emission: Emission) -> None:
        await self._write(self._changes.admissions.emit, emission)

    async def quarantine(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        self._disk.check()
        await self._apart(self._changes.quarantine.add, platform, received_at, items)

    async def backlog(self) -> list[Backlog]:
        return await self._readers.run(read_backlog)

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        return await self._apart(self._changes.queue.claim, endpoint_id, now, lease_ms, first, retries)

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        return await self._apart(self._changes.settlements.finish, outcomes)

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        while await self._apart(self._changes.redeliveries.recover, endpoint_id, since, now):
            pass

    async def endpoint_stats(self, endpoint_id: str, since: int) -> EndpointStats:
        return await self._readers.run(read_endpoint_stats, endpoint_id, since)

    async def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        return await self._apart(
            self._changes.redeliveries.redeliver, customer_id, event_id, endpoint_id, now
        )

    async def count_replay(self, plan: ReplayPlan) -> int:
        return await self._readers.run(count_chosen, plan)

    async def begin_replay(self, replay: Replay) -> None:
        await self._apart(self._changes.replays.begin, replay)

    async def advance_replay(self, now: int) -> str | None:
        return await self._apart(self._changes.replays.advance, now)

    async def cancel_replay(self, customer_id: str | None, replay_id: str, now: int) -> Replay | None:
        return await self._apart(self._changes.replays.cancel, customer_id, replay_id, now)

    async def replays(self, customer_id: str | None, page: PageRequest) -> Page[Replay]:
        return await self._readers.run(list_replays, customer_id, page)

    async def replay(self, customer_id: str | None, replay_id: str) -> Replay | None:
        return await self._readers.run(read_replay, customer_id, replay_id)

    async def acknowledge(self, endpoint_id: str, cursor: str | None) -> str:
        return await self._apart(self._changes.log.acknowledge, endpoint_id, cursor)

    async def log(self, endpoint: Endpoint, after: str, limit: int) -> LogPage:
        return await self._readers.run(read_log, endpoint, after, limit)

    async def configuration(self) -> Configuration:
        return await self._readers.run(self._configuration.read)

    async def put_customer(self, customer: Customer) -> None:
        await self._apart(self._changes.configurations.put_customer, customer)

    async def put_key(self, key: ApiKey) -> None:
        await self._apart(self._changes.configurations.put_key, key)

    async def put_app(self, app: App) -> None:
        await self._apart(self._changes.configurations.put_app, app)

    async def delete_app(self, app_id: str) -> None:
        await self._apart(self._changes.configurations.delete_app, app_id)

    async def put_account(self, account: Account) -> None:
        await self._apart(self._changes.configurations.put_account, account)

    async def delete_account(self, account_id: str) -> None:
        await self._apart(self._changes.configurations.delete_account, account_id)

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        await self._apart(self._changes.configurations.put_endpoint, endpoint)

    async def delete_endpoint(self, endpoint_id: str) -> None:
        await self._apart(self._changes.configurations.delete_endpoint, endpoint_id)
        while await self._apart(self._changes.redeliveries.drop_open, endpoint_id):
            pass

    async def begin_keyed(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        return await self._apart(self._changes.keyed.begin, request, now)

    async def end_keyed(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        await self._apart(self._changes.keyed.end, request, answer)

    async def _empty_log(self) -> bool:
        return await self._writer.run_apart(empty_log, self._connection)

    async def events(
        self, customer_id: str | None, which: EventFilter, page: PageRequest
    ) -> Page[StoredEvent]:
        return await self._readers.run(list_events, customer_id, which, page)

    async def event(self, customer_id: str | None, event_id: str) -> StoredEvent | None:
        return await self._readers.run(read_event, customer_id, event_id)

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        return await self._readers.run(read_raw, customer_id, event_id)

    async def deliveries(
        self, customer_id: str | None, which: DeliveryFilter, page: PageRequest
    ) -> Page[Delivery]:
        return await self._readers.run(list_deliveries, customer_id, which, page)

    async def delivery(self, customer_id: str | None, delivery_id: str) -> Delivery | None:
        return await self._readers.run(read_delivery, customer_id, delivery_id)

    async def attempts(self, customer_id: str | None, delivery_id: str) -> list[Attempt] | None:
        return await self._readers.run(read_attempts, customer_id, delivery_id)

    async def prune(self, now: int, retention: Retention, limit: int) -> int:
        return await self._apart(self._changes.pruning.prune, now, retention, limit)

    async def reseal(self) -> int:
        return await self._apart(self._changes.resealing.reseal)
