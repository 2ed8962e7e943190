"""Claims what is due, when it is due and as far as slots are free; sleeps otherwise.

There is no loop and no polling: whoever learns of something (an arrival, a landing, a settlement, an alarm)
kicks the lane, and the lane says whether a claim is worth making now, later or not at all. A lane has at
most one claim under way; claims of several lanes run side by side and share the store's commits.
"""

import asyncio
from collections.abc import Callable

from gateway.clock import Clock
from gateway.deliver.agenda import Share
from gateway.deliver.lane import Lane
from gateway.deliver.lanes import Lanes
from gateway.deliver.patience import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from gateway.log import line, logger
from gateway.store.base import LEASE_MARGIN_MS, Store, StoreUnavailable
from gateway.store.records import Job


class Pump:
    """Moves due deliveries from the store to `start`. `sound` tells whether outcomes can be recorded."""

    def __init__(
        self,
        store: Store,
        lanes: Lanes,
        clock: Clock,
        sound: Callable[[], bool],
        start: Callable[[Lane, Job], None],
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._clock = clock
        self._sound = sound
        self._start = start
        self._queue: dict[str, None] = {}
        """The endpoints to claim for, in the order in which they asked; it fills while nothing may start."""
        self._claims: set[asyncio.Task[None]] = set()
        self._rest: asyncio.TimerHandle | None = None
        self._rest_seconds = FIRST_PAUSE_SECONDS
        self._running = False

    def run(self) -> None:
        """From now on claim; what was due before waits in the queue."""
        self._running = True

    async def stop(self) -> None:
        """Claim no more. What a claim under way still brings goes to `start`."""
        self._running = False
        for lane in self._lanes:
            if lane.alarm is not None:
                lane.alarm.cancel()
        if self._rest is not None:
            self._rest.cancel()
        if self._claims:
            await asyncio.wait(self._claims)

    def kick(self, lane: Lane) -> None:
        """Something changed for this lane: claim for it, now or when something is due."""
        ready_at = lane.ready_at()
        if ready_at is not None and ready_at > (now := self._clock()):
            self._set_alarm(lane, ready_at, now)
        elif ready_at is not None:
            self._queue[lane.endpoint.id] = None
        if self._queue:
            self._serve()

    def _serve(self) -> None:
        while self._queue and self._may_claim():
            endpoint_id = next(iter(self._queue))
            del self._queue[endpoint_id]
            now = self._clock()
            lane = self._lanes.get(endpoint_id, now)
            if lane is not None and (asked := lane.grab(now)) is not None:
                claim = asyncio.create_task(self._claim(lane, asked, now))
                self._claims.add(claim)
                claim.add_done_callback(self._claims.discard)

    def _may_claim(self) -> bool:
        return self._running and self._rest is None and self._lanes.ceiling.free > 0 and self._sound()

    async def _claim(self, lane: Lane, asked: Share, now: int) -> None:
        try:
            jobs, next_due = await self._ask(lane, asked, now)
        except StoreUnavailable as error:
            lane.ungrab(asked, Share(0, 0))
            lane.agenda.expect(now)
            self._take_rest(lane, error)
            return
        self._rest_seconds = FIRST_PAUSE_SECONDS
        retries = sum(job.attempts > 0 for job in jobs)
        got = Share(len(jobs) - retries, retries)
        lane.agenda.learn(asked, got, next_due, now)
        lane.ungrab(asked, got)
        for job in jobs:
            self._start(lane, job)
        self.kick(lane)

    async def _ask(self, lane: Lane, asked: Share, now: int) -> tuple[list[Job], int | None]:
        endpoint = lane.endpoint
        since, lane.recovered_since = lane.recovered_since, None
        if since is not None:
            await self._recover(lane, since, now)
        lease_ms = endpoint.timeout_ms + LEASE_MARGIN_MS
        return await self._store.claim(endpoint.id, now, lease_ms, asked.first, asked.retries)

    async def _recover(self, lane: Lane, since: int, now: int) -> None:
        try:
            await self._store.recover(lane.endpoint.id, since, now)
        except StoreUnavailable:
            lane.recovered_since = since
            raise

    def _take_rest(self, lane: Lane, error: StoreUnavailable) -> None:
        """The store does not answer: nobody claims until it has had a pause."""
        self._queue[lane.endpoint.id] = None
        if self._rest is not None or not self._running:
            return
        logger.warning(
            line("claim refused", endpoint=lane.endpoint.id, error=error, again_in_s=self._rest_seconds)
        )
        self._rest = asyncio.get_running_loop().call_later(self._rest_seconds, self._resume)
        self._rest_seconds = min(2 * self._rest_seconds, LONGEST_PAUSE_SECONDS)

    def _resume(self) -> None:
        self._rest = None
        self._serve()

    def _set_alarm(self, lane: Lane, at: int, now: int) -> None:
        if not self._running or (lane.alarm is not None and lane.alarm_at == at):
            return
        if lane.alarm is not None:
            lane.alarm.cancel()
        lane.alarm_at = at
        lane.alarm = asyncio.get_running_loop().call_later((at - now) / 1_000, self._ring, lane.endpoint.id)

    def _ring(self, endpoint_id: str) -> None:
        lane = self._lanes.get(endpoint_id, self._clock())
        if lane is not None:
            lane.alarm = None
            self.kick(lane)
