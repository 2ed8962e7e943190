"""One account's messages on their way out: claimed when due, paced, begun, sent, recorded.

Each lane has its own task, its own pace and its own limit, so an account in trouble slows nobody else.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from msgspec import Struct

from adapters.sending import SendError
from gateway.log import line, logger
from gateway.send.courier import Courier
from gateway.send.pace import Pace
from gateway.send.policy import verdict
from gateway.store.base import StoreUnavailable
from gateway.store.outbox import Outbox
from gateway.store.outgoing import Progress, SendJob, SendOutcome, SendSettlement
from gateway.store.progress import next_part
from gateway.tasks import end

T = TypeVar("T")
AT_ONCE = 32
"""Messages of one account that are under way at the same time."""
PATIENCE_MS = 1_000
"""How long a claimed message waits for its turn; one that must wait longer goes back."""
STORE_RETRY_SECONDS = 0.5
DRAIN_SECONDS = 35.0
"""Longer than Meta takes to answer. What is cut off then is unsettled, at the latest at the next start."""


class Work(Struct, frozen=True):
    """What a lane works with."""

    outbox: Outbox
    courier: Courier
    is_ours: Callable[[], bool]
    """Whether this process still sends for the page."""


class Lane:
    """Sends what is due on one page."""

    def __init__(self, page: tuple[str, str], work: Work, wake: Callable[[str], None]) -> None:
        """`wake`: tells the dispatcher that an endpoint has something due."""
        self._page = page
        self._outbox = work.outbox
        self._courier = work.courier
        self._is_ours = work.is_ours
        self._clock = work.courier.clock
        self._wake = wake
        self._pace = Pace(page[0])
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def kick(self) -> None:
        """Something may be due."""
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Claim nothing more, and let what is under way come to its end."""
        if self._task is not None:
            await end([self._task])
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)
            await end(late)

    def carry_on(self, job: SendJob) -> None:
        """Send the parts that are left of a message that this process has claimed."""
        task = asyncio.create_task(self._carry(job))
        self._under_way.add(task)
        task.add_done_callback(self._landed)

    async def _run(self) -> None:
        """Claim and send until nothing is due and nobody asks any more, or another process does it."""
        next_due: int | None = self._clock()
        while next_due is not None and self._is_ours():
            self._woken.clear()
            now = self._clock()
            stopped_ms = self._pace.stopped_ms(now)
            free = 0 if stopped_ms else AT_ONCE - len(self._under_way)
            next_due = now + int(stopped_ms) + 1 if stopped_ms else None
            if free > 0:
                jobs, next_due = await self._insist(partial(self._outbox.claim, *self._page, now, free))
                for job in jobs:
                    self.carry_on(job)
            await self._rest(next_due)
            next_due = self._clock() if self._woken.is_set() or self._under_way else next_due

    async def _rest(self, next_due: int | None) -> None:
        """Until something is due, or a slot is free, or somebody knocks."""
        if next_due is None and not self._under_way:
            return
        full = len(self._under_way) >= AT_ONCE
        wait_ms = None if next_due is None or full else max(1, next_due - self._clock())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if wait_ms is None else wait_ms / 1_000):
                await self._woken.wait()

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease runs out, and then it is looked at again.
            logger.error(
                line("sending broke off", platform=self._page[0], page=self._page[1], error=repr(error))
            )

    async def _carry(self, job: SendJob) -> None:
        """All parts that are left, one after the other."""
        progress: Progress = job.progress
        while (part := next_part(progress)) is not None:
            wait_ms = self._pace.wait_ms(job.message, self._clock())
            if wait_ms > PATIENCE_MS:
                await self._finish(self._postponed(job, part, wait_ms))
                return
            if wait_ms:
                await asyncio.sleep(wait_ms / 1_000)
                continue
            if not await self._insist(partial(self._outbox.begin, job, part, self._clock())):
                return
            settlement = await self._finish(await self._attempt(job, part, progress))
            progress = settlement.progress
            if progress.stage != "leased":
                return

    def _postponed(self, job: SendJob, part: int, wait_ms: float) -> SendOutcome:
        now = self._clock()
        return SendOutcome(job=job, step="postponed", part=part, at=now, due_at=now + int(wait_ms) + 1)

    async def _attempt(self, job: SendJob, part: int, progress: Progress) -> SendOutcome:
        reply = await self._courier.send(job.message, job.message.requests[part])
        now = self._clock()
        decided = verdict(reply.result, progress, job.message.created_at, now)
        self._pace.heed(reply.usage, now)
        if decided.account_stops_until is not None:
            self._pace.stop(decided.account_stops_until)
        return SendOutcome(
            job=job,
            step=decided.step,
            part=part,
            at=now,
            sent=None if isinstance(reply.result, SendError) else reply.result,
            error=decided.error,
            due_at=decided.due_at,
            routes=self._courier.routes(job.message),
        )

    async def _finish(self, outcome: SendOutcome) -> SendSettlement:
        (settlement,) = await self._insist(partial(self._outbox.finish, [outcome]))
        for endpoint_id in settlement.waiting:
            self._wake(endpoint_id)
        return settlement

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Until the store answers: what has happened must not be forgotten."""
        while True:
            try:
                return await ask()
            except StoreUnavailable as error:
                logger.warning(line("outbox waits for the store", error=error))
                await asyncio.sleep(STORE_RETRY_SECONDS)
