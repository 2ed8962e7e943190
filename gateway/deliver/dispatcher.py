"""Delivers: takes jobs that were claimed at accept, claims the rest when due, decides, records.

    take ──┐  (standby, where no slot is free)
           ├─▶ courier ─▶ receiver ─▶ decide ─▶ ledger ─▶ store.finish
    pump ──┘      ▲                     │          │
      ▲           └── slots of lanes ───┴── kicks ─┘
      └── store.claim

Every exchange has a slot of its endpoint's lane from before it is claimed until it lands.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from functools import partial

from msgspec import Struct, field

from gateway.clock import Clock
from gateway.deliver.announcer import Announcer, Operator
from gateway.deliver.courier import Courier, Wire
from gateway.deliver.exchange import Exchange
from gateway.deliver.given_up import GivenUp
from gateway.deliver.health import EndpointHealth
from gateway.deliver.lane import Lane
from gateway.deliver.lanes import Lanes
from gateway.deliver.ledger import Ledger
from gateway.deliver.listener import Listener
from gateway.deliver.outages import Outages
from gateway.deliver.patience import Patience
from gateway.deliver.policy import Circumstances, Unsent, Verdict, decide, look, postponed
from gateway.deliver.pump import Pump
from gateway.deliver.standby import WAIT_MS
from gateway.directory import Directory
from gateway.doorbell import Doorbell
from gateway.log import line, logger
from gateway.neighbours import Alone, Neighbours
from gateway.store.base import Store, StoreUnavailable
from gateway.store.records import Job, Outcome, Settlement
from gateway.tasks import end

IN_FLIGHT_LIMIT = 2_000
"""Exchanges of this process, over all endpoints."""
SWEEP_SECONDS = 60.0
"""How often the store is asked for work that nobody announced: left by a dead process, or by a clock that
was set."""
DRAIN_SECONDS = 35.0
"""More than the longest exchange."""


class Terms(Struct, frozen=True, kw_only=True):
    """What the operator has set for all deliveries."""

    schedule: Sequence[float]
    """Seconds after each failed attempt, where an endpoint has no schedule of its own."""
    operator_url: str | None = None
    """Where events about endpoints go too."""
    neighbours: Neighbours = field(default_factory=Alone)
    """The other processes that deliver from the same store."""


class Dispatcher:
    """The delivering side of the gateway."""

    def __init__(
        self, store: Store, transport: Wire, directory: Directory, terms: Terms, clock: Clock
    ) -> None:
        self._store = store
        self._schedule = terms.schedule
        self._neighbours = terms.neighbours
        self._clock = clock
        self._patience = Patience()
        self._lanes = Lanes(directory, IN_FLIGHT_LIMIT, terms.neighbours.dispatchers)
        self._ledger = Ledger(store, self._patience, self._settled)
        self._courier = Courier(store, transport, clock, self._landed)
        self._pump = Pump(store, self._lanes, clock, self._ledger.sound, self._start)
        operator = Operator(transport, terms.operator_url)
        announcer = Announcer(store, directory, self._patience, operator, self.wake)
        self._given_up = GivenUp(announcer, clock)
        self._outages = Outages(store, directory, self._patience, announcer)
        self._health = EndpointHealth(self._outages)
        self._sweeper: asyncio.Task[None] | None = None
        self._running = False
        self._listener: Listener | None = None
        self._hearings: set[asyncio.Task[None]] = set()
        self.doorbell = Doorbell()
        """Rings for endpoints that pull."""
        self.attempts: Counter[tuple[str, str]] = Counter()
        """(state of the delivery afterwards, error class or nothing) → how often, since the start."""

    def tell(self, listener: Listener) -> None:
        """From now on, somebody hears what receivers answer."""
        self._listener = listener

    async def start(self) -> None:
        """Take up what is waiting. Raises StoreUnavailable."""
        self._running = True
        self._ledger.start()
        self._pump.run()
        await self.sweep()
        self._sweeper = asyncio.create_task(self._sweep_for_ever())

    async def stop(self) -> None:
        """Start nothing more, let what is under way land, record it.

        What cannot be recorded falls due again by its lease, at the latest at the next start.
        """
        self._running = False
        if self._sweeper is not None:
            await end([self._sweeper])
        for lane in self._lanes:
            self._call_up(lane, self._clock())
            if lane.standby.alarm is not None:
                lane.standby.alarm.cancel()
        await self._pump.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._courier.drained()
        self._patience.end()
        await asyncio.gather(*self._hearings)
        await self._outages.settle()
        await self._ledger.close()
        await self._given_up.settle()

    def reserve(self, endpoint_id: str) -> bool:
        """Take a slot, or a place on standby, for a delivery that is about to be stored.

        False: leave it to the store.
        """
        now = self._clock()
        lane = self._lanes.get(endpoint_id, now)
        if lane is None or not self._running or not self._ledger.sound():
            return False
        return lane.promise(now) or lane.reserve(now)

    def release(self, endpoint_id: str) -> None:
        """Give back a slot: the store did not claim the delivery."""
        lane = self._lanes.get(endpoint_id, self._clock())
        if lane is not None:
            lane.release()
            self._go_on(lane, self._clock())

    def take(self, jobs: Sequence[Job]) -> None:
        """Deliver jobs that were claimed at accept; each has a reserved slot."""
        now = self._clock()
        for job in jobs:
            lane = self._lanes.get(job.endpoint_id, now)
            if lane is None:
                continue
            if lane.seat():
                self._start(lane, job)
            else:
                lane.standby.add(job)
                self._call_up(lane, now)
                self._watch_standby(lane)

    def wake(self, endpoint_id: str) -> None:
        """Something is due for the endpoint now, or can be pulled: here, and wherever a slot is free."""
        self.expect(endpoint_id)
        self._neighbours.due(endpoint_id)

    def expect(self, endpoint_id: str, due_at: int | None = None) -> None:
        """Something is due for the endpoint, now or at `due_at` (Unix milliseconds), or can be pulled."""
        now = self._clock()
        lane = self._lanes.get(endpoint_id, now)
        if lane is None:
            self.doorbell.ring(endpoint_id)
        else:
            lane.agenda.expect(now if due_at is None else due_at)
            self._pump.kick(lane)

    def endpoint_changed(self, endpoint_id: str) -> None:
        """The directory has a new version of this endpoint: paused, active again, more slots, gone."""
        now = self._clock()
        lane = self._lanes.get(endpoint_id, now)
        if lane is not None:
            self._go_on(lane, now)

    def reconfigured(self) -> None:
        """The directory has a new version of everything."""
        for endpoint_id in [lane.endpoint.id for lane in self._lanes]:
            self.endpoint_changed(endpoint_id)

    def open_circuits(self) -> int:
        """How many endpoints are left in peace because they fail everything."""
        return sum(lane.circuit.open for lane in self._lanes)

    def _start(self, lane: Lane, job: Job) -> None:
        """Send a job whose slot is taken."""
        now = self._clock()
        if not self._running:
            lane.land(job)
            self._ledger.add(postponed(job, now))
        elif job.attempts and (planned_at := lane.lookout.planned_at(job, now)) is not None:
            circumstances = self._circumstances(lane, job, now, now)
            self._conclude(lane, look(job, planned_at, circumstances), circumstances)
        else:
            self._courier.send(lane, job)

    def _landed(self, lane: Lane, job: Job, started_at: int, exchange: Exchange | Unsent) -> None:
        listener = self._listener
        if listener and isinstance(exchange, Exchange) and listener.wants(lane.endpoint, exchange):
            hearing = asyncio.create_task(self._heard(lane, job, started_at, exchange, listener))
            self._hearings.add(hearing)
            hearing.add_done_callback(self._hearings.discard)
        else:
            self._decide(lane, job, started_at, exchange)

    async def _heard(
        self, lane: Lane, job: Job, started_at: int, exchange: Exchange, listener: Listener
    ) -> None:
        """Recorded only after it was heard, so that nothing of the answer is lost."""
        try:
            await self._patience.insist(partial(listener.hear, lane.endpoint, job, exchange))
        except StoreUnavailable:
            lane.land(job)  # The lease runs out, and the event is delivered and answered again.
            return
        except Exception as error:
            # A fault of ours in one answer must cost neither the slot nor the delivery.
            logger.error(line("answer not heard", delivery=job.delivery_id, error=repr(error)))
        self._decide(lane, job, started_at, exchange)

    def _decide(self, lane: Lane, job: Job, started_at: int, exchange: Exchange | Unsent) -> None:
        now = self._clock()
        circumstances = self._circumstances(lane, job, started_at, now)
        self._conclude(lane, decide(job, exchange, circumstances), circumstances)

    def _circumstances(self, lane: Lane, job: Job, started_at: int, now: int) -> Circumstances:
        own = lane.endpoint.retry_schedule
        return Circumstances(
            started_at=started_at,
            now=now,
            schedule=self._schedule if own is None else own,
            failing_since=lane.failing_since(job, started_at),
            succeeded_at=lane.succeeded_at,
        )

    def _conclude(self, lane: Lane, verdict: Verdict, circumstances: Circumstances) -> None:
        now, outcome = circumstances.now, verdict.outcome
        lane.land(outcome.job)
        if outcome.attempt is None:
            lane.refund(1)
        else:
            self.attempts[outcome.state, outcome.attempt.error or ""] += 1
        if not verdict.hold_ms:
            outcome = lane.lookout.watch(outcome, circumstances.failing_since, now)
        self._ledger.add(outcome)
        self._health.apply(lane, verdict, now)
        self._go_on(lane, now)

    def _go_on(self, lane: Lane, now: int) -> None:
        """A slot may be free, or the endpoint is another: start what may start, what is stored first."""
        self._pump.kick(lane)
        if lane.standby:
            self._call_up(lane, now)

    def _call_up(self, lane: Lane, now: int) -> None:
        """Start who stands by and gets a slot; give back who waited too long, or all if none may start."""
        stays = self._running and lane.takes_standby(now)
        self._give_back(lane.standby.overdue(now) if stays else lane.standby.clear(), now)
        while self._ledger.sound() and (job := lane.call_up(now)) is not None:
            self._courier.send(lane, job)

    def _give_back(self, jobs: Sequence[Job], now: int) -> None:
        for job in jobs:
            self._ledger.add(postponed(job, now))

    def _watch_standby(self, lane: Lane) -> None:
        if lane.standby and lane.standby.alarm is None:
            loop = asyncio.get_running_loop()
            lane.standby.alarm = loop.call_later(WAIT_MS / 1_000, self._relieve, lane)

    def _relieve(self, lane: Lane) -> None:
        now = self._clock()
        lane.standby.alarm = None
        self._give_back(lane.standby.overdue(now), now)
        self._watch_standby(lane)

    def _settled(self, outcome: Outcome, settlement: Settlement) -> None:
        now = self._clock()
        lane = self._lanes.get(outcome.job.endpoint_id, now)
        if lane is not None:
            lane.settle(outcome, settlement, now)
            if settlement.moved:
                self._given_up.add(lane.endpoint, outcome)
            self._pump.kick(lane)

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except StoreUnavailable as error:
                logger.warning(line("no sweep", error=error))

    async def sweep(self) -> None:
        """Take up whatever waits in the store. Raises StoreUnavailable."""
        for backlog in await self._store.backlog():
            self.expect(backlog.endpoint_id, backlog.due_at)
