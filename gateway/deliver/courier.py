"""Carries a job to its receiver and brings the answer back.

In callbacks: a task for each delivery would cost more than all the rest of it.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol

from gateway.clock import Clock
from gateway.deliver.exchange import Exchange, Request
from gateway.deliver.lane import Lane
from gateway.deliver.policy import Unsent
from gateway.deliver.preparation import wants_raw
from gateway.log import line, logger
from gateway.store.base import RawExpired, Store, StoreUnavailable
from gateway.store.records import Job, RawElement

Landed = Callable[[Lane, Job, int, Exchange | Unsent], None]
"""Lane, job, when the attempt began (Unix milliseconds), what came back or why nothing was sent."""


class Wire(Protocol):
    """The transport as it is used here; `done` is called once, on the loop's thread."""

    def send(self, request: Request, done: Callable[[Exchange], None]) -> None: ...


class Courier:
    """Whatever is sent lands, once, with `landed`."""

    def __init__(self, store: Store, transport: Wire, clock: Clock, landed: Landed) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._landed = landed
        self._under_way = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._readers: set[asyncio.Task[None]] = set()

    def send(self, lane: Lane, job: Job) -> None:
        """Start the exchange of a job whose slot is taken."""
        self._under_way += 1
        self._empty.clear()
        lane.circuit.start(job.delivery_id)
        if wants_raw(job):
            reader = asyncio.create_task(self._send_with_raw(lane, job))
            self._readers.add(reader)
            reader.add_done_callback(self._readers.discard)
        else:
            self._send(lane, job, None)

    async def drained(self) -> None:
        """Return when nothing is under way."""
        await self._empty.wait()

    async def _send_with_raw(self, lane: Lane, job: Job) -> None:
        try:
            raw = await self._store.raw(lane.endpoint.customer_id, job.event_id)
        except StoreUnavailable:
            self._land(lane, job, self._clock(), Unsent.UNPREPARED)
        except RawExpired:
            self._send_without_raw(lane, job)
        else:
            self._send(lane, job, raw)

    def _send_without_raw(self, lane: Lane, job: Job) -> None:
        """Only what is delivered once more can come so late; the native event is whole without it."""
        if job.format == "raw":
            self._land(lane, job, self._clock(), Unsent.RAW_EXPIRED)
        else:
            self._send(lane, job, None)

    def _send(self, lane: Lane, job: Job, raw: RawElement | None) -> None:
        started_at = self._clock()
        try:
            request = lane.preparation.request(job, started_at // 1_000, raw)
            if request is not None:
                self._transport.send(request, partial(self._land, lane, job, started_at))
        except Exception as error:
            # A fault of ours in one event or one endpoint must cost neither the slot nor the delivery.
            logger.error(line("not sent", delivery=job.delivery_id, event=job.event_id, error=repr(error)))
            self._land(lane, job, started_at, Unsent.UNPREPARED)
        else:
            if request is None:
                self._land(lane, job, started_at, Unsent.LEFT_OUT)

    def _land(self, lane: Lane, job: Job, started_at: int, exchange: Exchange | Unsent) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._empty.set()
        self._landed(lane, job, started_at, exchange)
