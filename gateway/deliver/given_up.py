"""Deliveries that were given up: told to whoever wants to hear of it, but not one by one.

The first is told at once. What follows within a minute is told together, so that an endpoint that is gone
with a hundred thousand deliveries makes an event a minute and not a hundred thousand. Nothing waits for it;
what a crash leaves untold is at `/v1/deliveries?state=dead`, as everything is.
"""

import asyncio
from asyncio import TimerHandle

from msgspec import Struct, json

from adapters.event import Event
from adapters.parts import DeadDelivery
from gateway.clock import Clock
from gateway.deliver.announcer import Announcer
from gateway.deliver.notices import DEAD, LISTED, dead
from gateway.identifiers import new_id
from gateway.log import line, logger
from gateway.store.base import StoreUnavailable
from gateway.store.records import Endpoint, Outcome

PAUSE_SECONDS = 60.0
"""Between two such events about one endpoint."""


class _Name(Struct):
    event: str
    test: bool = False


_name = json.Decoder(_Name)


class _Batch:
    """What was given up at an endpoint and not told yet."""

    def __init__(self, endpoint: Endpoint, timer: TimerHandle) -> None:
        self.endpoint = endpoint
        self.timer = timer
        self.count = 0
        self.named: list[DeadDelivery] = []

    def add(self, outcome: Outcome) -> None:
        """Count one, and name it while there is room."""
        self.count += 1
        if len(self.named) < LISTED:
            self.named.append(_dead_delivery(outcome))


class GivenUp:
    """Gathers dead deliveries per endpoint."""

    def __init__(self, announcer: Announcer, clock: Clock, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._announcer = announcer
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._batches: dict[str, _Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, endpoint: Endpoint, outcome: Outcome) -> None:
        """An outcome is recorded and has moved its delivery.

        That such an event itself could not be delivered is no news: two endpoints that are gone would
        tell each other for ever.
        """
        if outcome.state != "dead" or _name.decode(outcome.job.body).event == DEAD:
            return
        batch = self._batches.get(endpoint.id)
        if batch is not None:
            batch.add(outcome)
            return
        batch = self._begin(endpoint)
        batch.add(outcome)
        self._tell(batch)

    async def settle(self) -> None:
        """Tell what is left; return when it is stored."""
        for batch in self._batches.values():
            batch.timer.cancel()
            if batch.count:
                self._tell(batch)
        self._batches.clear()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _begin(self, endpoint: Endpoint) -> _Batch:
        timer = asyncio.get_running_loop().call_later(self._pause_seconds, self._end, endpoint.id)
        batch = self._batches[endpoint.id] = _Batch(endpoint, timer)
        return batch

    def _end(self, endpoint_id: str) -> None:
        """The pause is over; another begins if there is anything to tell."""
        batch = self._batches.pop(endpoint_id)
        if batch.count:
            self._begin(batch.endpoint)
            self._tell(batch)

    def _tell(self, batch: _Batch) -> None:
        now = self._clock()
        event = dead(batch.endpoint, batch.count, batch.named, new_id("evt"), now)
        batch.count, batch.named = 0, []
        task = asyncio.create_task(self._spread(event, batch.endpoint, now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _spread(self, event: Event, endpoint: Endpoint, now: int) -> None:
        try:
            await self._announcer.spread(event, endpoint, now)
        except StoreUnavailable as error:
            logger.error(line("dead deliveries not told", endpoint=endpoint.id, error=error))


def _dead_delivery(outcome: Outcome) -> DeadDelivery:
    job, attempt = outcome.job, outcome.attempt
    return DeadDelivery(
        id=job.delivery_id,
        event_id=job.event_id,
        attempts=job.attempts + 1,
        error=None if attempt is None else attempt.error,
        status=None if attempt is None else attempt.status,
        test=_name.decode(job.body).test,
    )
