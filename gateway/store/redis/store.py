"""The store on Redis or Valkey: several processes share it, each element in a shard of its own."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from adapters.base import Quarantined
from gateway.clock import Clock, system_clock
from gateway.store.address import RedisAddress
from gateway.store.base import DEFAULT_CUSTOMER, StoreUnavailable
from gateway.store.contacts import People
from gateway.store.intake import Intake
from gateway.store.keyed import EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.store.outbox import Outbox
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
from gateway.store.redis.dump.leaving import Leaving
from gateway.store.redis.layout.facts import beat, database_of, lost_parts
from gateway.store.redis.parts import Parts
from gateway.store.redis.restore.restoring import Restoring
from gateway.store.redis.server.condition import figures, shortage
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.upkeep.usage import RedisUsage
from gateway.store.renormalisation import ElementPage, Renormalisation, RenormalisationPlan, Step
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.retention import Retention
from gateway.vault import Vault

_CLOSED = "the store is closed"


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
        self._intake = Intake("Redis is full, or cannot write to its disk")

    @property
    def people(self) -> People:
        return self._parts.people

    @property
    def outbox(self) -> Outbox:
        return self._parts.outbox

    async def open(self) -> None:
        """Raises WrongEncryptionKey, or StoreUnavailable for a Redis that cannot be used."""
        self._connection = Connection(self._address)
        try:
            await self._connection.open()
            self._intake.measured(shortage(await self._connection.facts()))
            self._shards = await database_of(self._connection)
            lost = await lost_parts(self._shards)
            self._parts = Parts(self._shards, self._vault, self._clock, self._new_id, self._intake)
            self.usage, self.ownership = RedisUsage(self._shards), self._parts.ownership
            self.contents = self._parts.contents
            await self._parts.configurations.check_key()
            await self._parts.configurations.make_known(lost)
            customer = Customer(id=DEFAULT_CUSTOMER, name=DEFAULT_CUSTOMER, created_at=self._clock())
            await self._parts.configurations.make_customer(customer)
            await self._parts.upgrade.run()
        except BaseException:
            await self._connection.close()
            raise
        self._parts.pressing.start()
        self._running = True

    async def close(self) -> None:
        """Answer what was asked, then let go of the connections."""
        self._running = False
        await self._parts.pressing.stop()
        await self._parts.admissions.close()
        await self._parts.settlements.close()
        await self._connection.close()

    def restoring(self) -> Restoring:
        """For `gateway migrate`: takes in another store's content, while nothing else uses this one."""
        return Restoring(self._shards, self._parts.configurations, self._parts.events)

    def leaving(self) -> Leaving:
        """For `gateway migrate`: tells its whole content, while nothing else uses it."""
        return Leaving(self._shards, self._parts.configurations, self.usage.tally)

    async def health(self) -> Health:
        if not self._running:
            return Health(writable=False, detail=_CLOSED, reason=_CLOSED)
        facts: dict[str, Any] = {}
        try:
            servers, latency_ms = await self._connection.measure()
            facts |= figures(servers, latency_ms)
            self._intake.measured(shortage(servers))
            facts |= await beat(self._shards, self._clock())
            self._intake.proved()
            self._intake.check()
        except StoreUnavailable as error:
            return self._intake.health(facts, error)
        return self._intake.health(facts)

    async def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        with self._intake:
            entries = await self._parts.admissions.accept(arrivals)
        return [entry.admission() for entry in entries]

    async def release_held(self, now: int) -> list[Admission]:
        return await self._parts.admissions.release_held(now)

    async def emit(self, emission: Emission) -> None:
        await self._parts.admissions.emit(emission)

    async def quarantine(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        with self._intake:
            await self._parts.quarantine.add(platform, received_at, items)

    async def backlog(self) -> list[Backlog]:
        return await self._parts.claims.backlog()

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        return await self._parts.claims.claim(endpoint_id, now, lease_ms, first, retries)

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        return await self._parts.settlements.finish(outcomes)

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        await self._parts.redeliveries.recover(endpoint_id, since, now)

    async def endpoint_stats(self, endpoint_id: str, since: int) -> EndpointStats:
        return await self._parts.endpoints.stats(endpoint_id, since)

    async def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        return await self._parts.redeliveries.redeliver(customer_id, event_id, endpoint_id, now)

    async def count_replay(self, plan: ReplayPlan) -> int:
        return await self._parts.replays.count(plan)

    async def begin_replay(self, replay: Replay) -> None:
        await self._parts.replay_runs.begin(replay)

    async def advance_replay(self, now: int) -> str | None:
        return await self._parts.replays.advance(now)

    async def cancel_replay(self, customer_id: str | None, replay_id: str, now: int) -> Replay | None:
        if await self._parts.replay_runs.one(customer_id, replay_id) is None:
            return None
        await self._parts.replays.cancel(replay_id, now)
        return await self._parts.replay_runs.one(customer_id, replay_id)

    async def replays(self, customer_id: str | None, page: PageRequest) -> Page[Replay]:
        return await self._parts.replay_runs.list(customer_id, page)

    async def replay(self, customer_id: str | None, replay_id: str) -> Replay | None:
        return await self._parts.replay_runs.one(customer_id, replay_id)

    async def count_elements(self, plan: RenormalisationPlan) -> int:
        return await self._parts.elements.count(plan)

    async def elements(self, plan: RenormalisationPlan, position: str, limit: int) -> ElementPage:
        return await self._parts.elements.read(plan, position, limit)

    async def begin_renormalisation(self, renormalisation: Renormalisation) -> None:
        await self._parts.renormalisation_runs.begin(renormalisation)

    async def due_renormalisation(self, now: int) -> Renormalisation | None:
        return await self._parts.renormalisations.due(now)

    async def revise(self, step: Step) -> tuple[str, ...]:
        return await self._parts.renormalisations.revise(step)

    async def cancel_renormalisation(
        self, customer_id: str | None, renormalisation_id: str, now: int
    ) -> Renormalisation | None:
        if await self._parts.renormalisation_runs.one(customer_id, renormalisation_id) is None:
            return None
        await self._parts.renormalisations.cancel(renormalisation_id, now)
        return await self._parts.renormalisation_runs.one(customer_id, renormalisation_id)

    async def renormalisations(self, customer_id: str | None, page: PageRequest) -> Page[Renormalisation]:
        return await self._parts.renormalisation_runs.list(customer_id, page)

    async def renormalisation(
        self, customer_id: str | None, renormalisation_id: str
    ) -> Renormalisation | None:
        return await self._parts.renormalisation_runs.one(customer_id, renormalisation_id)

    async def acknowledge(self, endpoint_id: str, cursor: str | None) -> str:
        return await self._parts.log.acknowledge(endpoint_id, cursor)

    async def log(self, endpoint: Endpoint, after: str, limit: int) -> LogPage:
        return await self._parts.log.read(endpoint, after, limit)

    async def configuration(self) -> Configuration:
        return await self._parts.configurations.read()

    async def put_customer(self, customer: Customer) -> None:
        await self._parts.configurations.put_customer(customer)

    async def put_key(self, key: ApiKey) -> None:
        await self._parts.configurations.put_key(key)

    async def put_app(self, app: App) -> None:
        await self._parts.configurations.put_app(app)

    async def delete_app(self, app_id: str) -> None:
        await self._parts.configurations.delete_app(app_id)

    async def put_account(self, account: Account) -> None:
        await self._parts.configurations.put_account(account)

    async def delete_account(self, account_id: str) -> None:
        await self._parts.configurations.delete_account(account_id)

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        await self._parts.configurations.put_endpoint(endpoint)

    async def delete_endpoint(self, endpoint_id: str) -> None:
        await self._parts.configurations.delete_endpoint(endpoint_id)

    async def begin_keyed(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        return await self._parts.keyed.begin(request, now)

    async def end_keyed(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        await self._parts.keyed.end(request, answer)

    async def events(
        self, customer_id: str | None, which: EventFilter, page: PageRequest
    ) -> Page[StoredEvent]:
        return await self._parts.events.events(customer_id, which, page)

    async def event(self, customer_id: str | None, event_id: str) -> StoredEvent | None:
        return await self._parts.events.event(customer_id, event_id)

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        return await self._parts.events.raw(customer_id, event_id)

    async def deliveries(
        self, customer_id: str | None, which: DeliveryFilter, page: PageRequest
    ) -> Page[Delivery]:
        return await self._parts.deliveries.deliveries(customer_id, which, page)

    async def delivery(self, customer_id: str | None, delivery_id: str) -> Delivery | None:
        return await self._parts.deliveries.delivery(customer_id, delivery_id)

    async def attempts(self, customer_id: str | None, delivery_id: str) -> list[Attempt] | None:
        return await self._parts.deliveries.attempts(customer_id, delivery_id)

    async def quarantined(self, page: PageRequest) -> Page[QuarantineEntry]:
        return await self._parts.quarantine.list(page)

    async def prune(self, now: int, retention: Retention, limit: int) -> int:
        return await self._parts.pruning.prune(now, retention, limit)

    async def reseal(self) -> int:
        return await self._parts.resealing.reseal()
