"""The store on Redis or Valkey: several processes share it, each element in a shard of its own."""

import os
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from adapters.base import Quarantined
from gateway.clock import Clock, system_clock
from gateway.store.address import RedisAddress
from gateway.store.base import DEFAULT_CUSTOMER, StoreUnavailable
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
    QuarantineEntry,
    RawElement,
    Settlement,
    StoredEvent,
)
from gateway.store.redis.admission import RedisAdmissions
from gateway.store.redis.claims import Claims
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.connection import Connection
from gateway.store.redis.delivery_reads import DeliveryReads
from gateway.store.redis.endpoint_reads import EndpointReads
from gateway.store.redis.event_reads import EventReads
from gateway.store.redis.facts import beat, shard_count
from gateway.store.redis.keyed import KeyedRequests
from gateway.store.redis.keys import Keys
from gateway.store.redis.log import Log
from gateway.store.redis.pressing import Pressing
from gateway.store.redis.pruning import Pruning
from gateway.store.redis.quarantine import Quarantine
from gateway.store.redis.redelivery import Redeliveries
from gateway.store.redis.replay_reads import ReplayReads
from gateway.store.redis.replays import Replays
from gateway.store.redis.restore import Restoring
from gateway.store.redis.settlement import Settlements
from gateway.store.redis.shards import Shards
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.retention import Retention
from gateway.vault import Vault


class RedisStore:
    """The `Store` contract on Redis. `open` leaves the leases of living processes alone."""

    def __init__(
        self,
        address: RedisAddress,
        vault: Vault,
        clock: Clock = system_clock,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        """`new_id` makes the keys of contacts."""
        self._address = address
        self._vault = vault
        self._clock = clock
        self._new_id = new_id
        self._running = False

    async def open(self) -> None:
        """Raises WrongEncryptionKey, or StoreUnavailable for a Redis that cannot be used."""
        self._connection = Connection(self._address)
        try:
            await self._connection.open()
            self._shards = Shards(self._connection, await shard_count(self._connection))
            self._assemble()
            await self._configurations.check_key()
            customer = Customer(id=DEFAULT_CUSTOMER, name=DEFAULT_CUSTOMER, created_at=self._clock())
            await self._configurations.make_customer(customer)
        except BaseException:
            await self._connection.close()
            raise
        self._pressing.start()
        self._running = True

    def _assemble(self) -> None:
        shards = self._shards
        keys = Keys(int.from_bytes(os.urandom(2)))
        self._configurations = Configurations(shards, self._vault)
        self._admissions = RedisAdmissions(shards, keys, self._new_id)
        self._claims = Claims(shards)
        self._settlements = Settlements(shards)
        self._keyed = KeyedRequests(shards, self._vault)
        self._quarantine = Quarantine(shards)
        self._events = EventReads(shards)
        self._deliveries = DeliveryReads(shards, self._events, self._configurations)
        self._endpoints = EndpointReads(shards)
        self._log = Log(shards)
        self._redeliveries = Redeliveries(shards, self._events)
        self._replays = Replays(shards, self._configurations)
        self._replay_reads = ReplayReads(shards)
        self._pruning = Pruning(shards)
        self._pressing = Pressing(shards, self._clock)

    async def close(self) -> None:
        """Answer what was asked, then let go of the connections."""
        self._running = False
        await self._pressing.stop()
        await self._admissions.close()
        await self._settlements.close()
        await self._connection.close()

    def restoring(self) -> Restoring:
        """For `gateway migrate`: takes in another store's content, while nothing else uses this one."""
        return Restoring(self._shards, self._configurations, self._events)

    async def health(self) -> Health:
        if not self._running:
            return Health(writable=False, detail="the store is closed")
        try:
            facts = await beat(self._shards, self._clock())
        except StoreUnavailable as error:
            return Health(writable=False, detail=str(error))
        health = await self._connection.health()
        return Health(writable=health.writable, detail=health.detail, facts=facts | health.facts)

    async def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        return await self._admissions.accept(arrivals)

    async def release_held(self, now: int) -> list[Admission]:
        return await self._admissions.release_held(now)

    async def emit(self, emission: Emission) -> None:
        await self._admissions.emit(emission)

    async def quarantine(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        await self._quarantine.add(platform, received_at, items)

    async def backlog(self) -> list[Backlog]:
        return await self._claims.backlog()

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        return await self._claims.claim(endpoint_id, now, lease_ms, first, retries)

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        return await self._settlements.finish(outcomes)

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        await self._redeliveries.recover(endpoint_id, since, now)

    async def endpoint_stats(self, endpoint_id: str, since: int) -> EndpointStats:
        return await self._endpoints.stats(endpoint_id, since)

    async def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        return await self._redeliveries.redeliver(customer_id, event_id, endpoint_id, now)

    async def count_replay(self, plan: ReplayPlan) -> int:
        return await self._replays.count(plan)

    async def begin_replay(self, replay: Replay) -> None:
        await self._replays.begin(replay)

    async def advance_replay(self, now: int) -> str | None:
        return await self._replays.advance(now)

    async def cancel_replay(self, customer_id: str | None, replay_id: str, now: int) -> Replay | None:
        if await self._replay_reads.replay(customer_id, replay_id) is None:
            return None
        await self._replays.cancel(replay_id, now)
        return await self._replay_reads.replay(customer_id, replay_id)

    async def replays(self, customer_id: str | None, page: PageRequest) -> Page[Replay]:
        return await self._replay_reads.list(customer_id, page)

    async def replay(self, customer_id: str | None, replay_id: str) -> Replay | None:
        return await self._replay_reads.replay(customer_id, replay_id)

    async def acknowledge(self, endpoint_id: str, cursor: str | None) -> str:
        return await self._log.acknowledge(endpoint_id, cursor)

    async def log(self, endpoint: Endpoint, after: str, limit: int) -> LogPage:
        return await self._log.read(endpoint, after, limit)

    async def configuration(self) -> Configuration:
        return await self._configurations.read()

    async def configuration_version(self) -> int:
        return await self._configurations.version()

    async def put_customer(self, customer: Customer) -> None:
        await self._configurations.put_customer(customer)

    async def put_key(self, key: ApiKey) -> None:
        await self._configurations.put_key(key)

    async def put_app(self, app: App) -> None:
        await self._configurations.put_app(app)

    async def delete_app(self, app_id: str) -> None:
        await self._configurations.delete_app(app_id)

    async def put_account(self, account: Account) -> None:
        await self._configurations.put_account(account)

    async def delete_account(self, account_id: str) -> None:
        await self._configurations.delete_account(account_id)

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        await self._configurations.put_endpoint(endpoint)

    async def delete_endpoint(self, endpoint_id: str) -> None:
        await self._configurations.delete_endpoint(endpoint_id)

    async def begin_keyed(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        return await self._keyed.begin(request, now)

    async def end_keyed(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        await self._keyed.end(request, answer)

    async def events(
        self, customer_id: str | None, which: EventFilter, page: PageRequest
    ) -> Page[StoredEvent]:
        return await self._events.events(customer_id, which, page)

    async def event(self, customer_id: str | None, event_id: str) -> StoredEvent | None:
        return await self._events.event(customer_id, event_id)

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        return await self._events.raw(customer_id, event_id)

    async def deliveries(
        self, customer_id: str | None, which: DeliveryFilter, page: PageRequest
    ) -> Page[Delivery]:
        return await self._deliveries.deliveries(customer_id, which, page)

    async def delivery(self, customer_id: str | None, delivery_id: str) -> Delivery | None:
        return await self._deliveries.delivery(customer_id, delivery_id)

    async def attempts(self, customer_id: str | None, delivery_id: str) -> list[Attempt] | None:
        return await self._deliveries.attempts(customer_id, delivery_id)

    async def quarantined(self, page: PageRequest) -> Page[QuarantineEntry]:
        return await self._quarantine.list(page)

    async def prune(self, now: int, retention: Retention, limit: int) -> int:
        return await self._pruning.prune(now, retention, limit)
