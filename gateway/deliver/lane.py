"""One endpoint at run time: its slots, what is due, and what holds it up.

Retries take at most half of the slots, so that they never stand in the way of other conversations' first
attempts. No I/O, no clock: times are passed in, in Unix milliseconds.
"""

from asyncio import TimerHandle

from gateway.deliver.agenda import Agenda, Share
from gateway.deliver.ceiling import Ceiling
from gateway.deliver.circuit import Circuit
from gateway.deliver.lookout import Lookout
from gateway.deliver.pace import Pace
from gateway.deliver.preparation import Preparation
from gateway.deliver.standby import PLACES_PER_SLOT, Standby
from gateway.store.records import Endpoint, Job, Outcome, Settlement


class Lane:
    """What the dispatcher remembers of an endpoint. A slot is taken before a job is claimed for it."""

    def __init__(self, endpoint: Endpoint, ceiling: Ceiling) -> None:
        self.endpoint = endpoint
        self.preparation = Preparation(endpoint)
        self.agenda = Agenda()
        self.circuit = Circuit()
        self.lookout = Lookout()
        self.standby = Standby()
        self.claiming = False
        """A claim is under way; its slots are taken already."""
        self.alarm: TimerHandle | None = None
        self.alarm_at = 0
        self.succeeded_at = 0
        """The last success, with whatever delivery."""
        self.first_failure_at: int | None = None
        """The first failure since then; None: there was none."""
        self.recovered_since: int | None = None
        """The endpoint is back: what has failed since this moment is to be made due."""
        self._ceiling = ceiling
        self._busy = 0
        self._reserved = 0
        """Slots taken by arrivals whose jobs have not come yet."""
        self._retrying = 0
        self._contended = False
        """An arrival found no slot since the last claim: the next claim leaves half of them."""
        self._held_until = 0
        self._sharers = 1
        self._slots = endpoint.concurrency
        self._pace = _pace_of(endpoint, 1)
        self._outage: tuple[str, int] | None = None
        """The delivery that ended an outage, and the last success before it."""
        self._undisturbed_since = 0
        """Since when a delivery that fails has only itself to blame."""

    # Slots

    def reserve(self, now: int) -> bool:
        """Take a slot for an arrival, if one is free and nothing holds the endpoint up."""
        if not self._admits(now):
            return False
        if self._must_queue(now):
            self.agenda.expect_first(now)  # so that whoever comes before it is stored queues as well
            return False
        if self._free(now) <= 0:
            self._contended = True
            return False
        self._occupy(1, now)
        self._reserved += 1
        return True

    def promise(self, now: int) -> bool:
        """Keep a place on standby for an arrival, if all slots are taken and nothing holds them up."""
        if self._busy < self.endpoint.concurrency or self._pace is not None or not self.takes_standby(now):
            return False
        return self.standby.promise(PLACES_PER_SLOT * self.endpoint.concurrency)

    def seat(self) -> bool:
        """A job has arrived: give it one of the reserved slots. False: it stands by."""
        if not self._reserved:
            return False
        self._reserved -= 1
        return True

    def call_up(self, now: int) -> Job | None:
        """Take a slot for the next job on standby, if one is free."""
        if not self.standby or self._free(now) <= 0:
            return None
        self._occupy(1, now)
        return self.standby.next()

    def release(self) -> None:
        """Give back the slot or the place that no job came for."""
        if self.standby.withdraw():
            return
        self._reserved -= 1
        self._vacate(1)
        self.refund(1)
        self.circuit.withdraw_probe()

    def grab(self, now: int) -> Share | None:
        """Take slots for a claim; None: nothing is due, or nothing may start now."""
        if self.claiming or not self._admits(now):
            return None
        share = self.agenda.split(self._free_for_claim(now), self._free_for_retries(), now)
        if not share.first and not share.retries:
            return None
        self.claiming, self._contended = True, False
        self._occupy(share.first + share.retries, now)
        self._retrying += share.retries
        return share

    def ungrab(self, asked: Share, got: Share) -> None:
        """The claim has ended: give back the slots that it did not fill."""
        self.claiming = False
        unfilled = asked.first + asked.retries - got.first - got.retries
        self._vacate(unfilled)
        self.refund(unfilled)
        self._retrying -= asked.retries - got.retries
        if not got.first and not got.retries:
            self.circuit.withdraw_probe()

    def land(self, job: Job) -> None:
        """The exchange of a job is over."""
        self._vacate(1)
        self.standby.slow = False
        if job.attempts:
            self._retrying -= 1

    def refund(self, deliveries: int) -> None:
        """So many were counted by the rate limit and not sent."""
        if self._pace is not None:
            self._pace.give_back(deliveries)

    def ready_at(self) -> int | None:
        """When the next claim is worth making; None: not before something lands or becomes due."""
        if self.claiming or self.endpoint.status != "active" or self.circuit.probing:
            return None
        if self._busy >= self._slots:
            return None
        due_at = self.agenda.next_due(retries=self._free_for_retries() > 0)
        if due_at is None:
            return None
        paced_at = 0 if self._pace is None else self._pace.ready_at()
        return max(due_at, self._held_until, self.circuit.probe_at, paced_at)

    @property
    def idle(self) -> bool:
        """Nothing is reserved, claimed or under way."""
        return not self._busy and not self.standby

    def takes_standby(self, now: int) -> bool:
        """Whether those on standby may go on waiting: nothing holds the endpoint up."""
        return not self.circuit.open and self._admits(now)

    def _admits(self, now: int) -> bool:
        return self.endpoint.status == "active" and now >= self._held_until and self.circuit.admits(now)

    def _must_queue(self, now: int) -> bool:
        """Under a rate limit an arrival starts only where nothing else waits, so that it passes nobody."""
        if self._pace is None:
            return False
        due_at = self.agenda.next_due(retries=self._free_for_retries() > 0)
        return self.claiming or (due_at is not None and due_at <= now) or not self._paced(now)

    def _paced(self, now: int) -> int:
        """How many deliveries the rate limit lets start now; where none, waiting for it is no failing."""
        if self._pace is None:
            return self._slots
        free = self._pace.free(now)
        if not free:
            self._undisturbed_since = max(self._undisturbed_since, self._pace.ready_at())
        return free

    def _free(self, now: int) -> int:
        return min(self._slots - self._busy, self._ceiling.room(self._busy), self._paced(now))

    def _free_for_claim(self, now: int) -> int:
        free = max(0, self._free(now))
        if self.circuit.open:
            return min(free, 1)
        return (free + 1) // 2 if self._contended else free

    def _free_for_retries(self) -> int:
        return max(0, max(1, self._slots // 2) - self._retrying)

    def _occupy(self, slots: int, now: int) -> None:
        if self._pace is not None:
            self._pace.take(slots, now)
        self._busy += slots
        self._ceiling.free -= slots
        self.circuit.probing = self.circuit.open

    def _vacate(self, slots: int) -> None:
        self._busy -= slots
        self._ceiling.free += slots

    # What the exchanges tell

    def succeed(self, job: Job, now: int) -> bool:
        """Note a success. True: it closed the circuit."""
        closed = self.circuit.succeeded()
        if closed:
            self._outage = (job.delivery_id, self.succeeded_at)
            self._undisturbed_since = now
        self.succeeded_at, self.first_failure_at = now, None
        return closed

    def fail(self, job: Job, now: int, *, blameless: bool) -> bool:
        """Note a failure. True: it opened the circuit.

        What the receiver asked to wait for, and replays of old events, open no circuit (`blameless`).
        """
        if blameless and not self.circuit.open:
            return False
        if self.first_failure_at is None:
            self.first_failure_at = now
        return self.circuit.failed(job.delivery_id, now)

    def hold(self, until: int) -> None:
        """Start nothing before `until`."""
        self._held_until = max(self._held_until, until)
        self._undisturbed_since = max(self._undisturbed_since, until)

    def settle(self, outcome: Outcome, settlement: Settlement, now: int) -> None:
        """An outcome is recorded. What it says about the agenda is true only now."""
        if settlement.released:
            self.agenda.expect(now)
        if settlement.moved and outcome.due_at is not None:
            self.agenda.expect(outcome.due_at)
        if self._outage is not None and self._outage[0] == outcome.job.delivery_id:
            # All failures before this success are recorded as well, so none escapes the recovery.
            self._recover(self._outage[1], now)

    def _recover(self, since: int, now: int) -> None:
        self._outage = None
        self.lookout.forget()
        self.recovered_since = since
        self.agenda.expect(now)

    def failing_since(self, job: Job, started_at: int) -> int | None:
        """Since when a job whose attempt began at `started_at` has had only itself to blame for failing.

        Times in which the endpoint was paused, held or cut off do not count. None: it holds up nobody, or
        the endpoint is cut off now, and nothing overtakes then.
        """
        if job.conversation_id is None or self.endpoint.ordering == "none" or self.circuit.open:
            return None
        first_failed_at = started_at if job.first_failed_at is None else job.first_failed_at
        return max(first_failed_at, self._undisturbed_since)

    def divide(self, sharers: int) -> None:
        """So many processes deliver to this endpoint, and keep its limits together: each has its share."""
        if sharers != self._sharers:
            self._sharers = sharers
            self._limit()

    def _limit(self) -> None:
        self._slots = max(1, self.endpoint.concurrency // self._sharers)
        pace = _pace_of(self.endpoint, self._sharers)
        if pace is None or self._pace is None or pace.rate != self._pace.rate:
            self._pace = pace

    def adopt(self, endpoint: Endpoint, now: int) -> None:
        """The endpoint as it is configured now. One that comes back starts with a clean slate."""
        before, self.endpoint = self.endpoint.status, endpoint
        self.preparation = Preparation(endpoint)
        self._limit()
        if before == "active" or endpoint.status != "active":
            return
        self.circuit = Circuit()
        self.first_failure_at = None
        self._held_until = 0
        self._undisturbed_since = now
        self.agenda.expect(now)
        if before == "disabled":
            self._recover(0, now)


def _pace_of(endpoint: Endpoint, sharers: int) -> Pace | None:
    return None if endpoint.rate_limit is None else Pace(endpoint.rate_limit, sharers)
