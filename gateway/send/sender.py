"""The sending side of the gateway: a lane per account, and an eye on what nobody has settled.

Of several processes each sends for some of the accounts, so that the platform's limits are kept as a whole.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial

from gateway.log import line, logger
from gateway.neighbours import Neighbours
from gateway.send.courier import Courier
from gateway.send.inquiry import Inquiry
from gateway.send.lane import Lane, Work
from gateway.store.base import Store, StoreUnavailable
from gateway.store.outgoing import SendJob
from gateway.tasks import end

SWEEP_SECONDS = 1.0
"""How often the store is asked for what nobody announced: retries of another process, settled parts."""
INQUIRIES = 20
"""Unsettled messages that are looked for at a time."""


class Sender:
    """Starts lanes as accounts have something to send."""

    def __init__(
        self, store: Store, courier: Courier, neighbours: Neighbours, wake: Callable[[str], None]
    ) -> None:
        self._store = store
        self._courier = courier
        self._neighbours = neighbours
        self._wake_endpoint = wake
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Take up what is waiting, and go on."""
        self._inquiry = Inquiry(self._store.outbox, self._courier, self._wake_endpoint)
        # By itself: a platform that hangs while it is asked must hold up nothing else.
        self._tasks = [asyncio.create_task(_again_and_again(one)) for one in (self._sweep, self._inquire)]

    async def stop(self) -> None:
        """Claim nothing more, and let what is under way land: at most for as long as a request may take."""
        await end(self._tasks)
        await asyncio.gather(*(lane.stop() for lane in self._lanes.values()))

    def wake(self, platform: str, page_id: str) -> None:
        """Something is due on a page: send it, or tell whoever does."""
        if not self.expect(platform, page_id):
            self._neighbours.send(platform, page_id)

    def expect(self, platform: str, page_id: str) -> bool:
        """Something is due on a page. Whether this process sends for it."""
        sends = bool(self._tasks) and self._neighbours.sends(platform, page_id)
        if sends:
            self._lane((platform, page_id)).kick()
        return sends

    async def _sweep(self) -> None:
        """Everything that time alone brings about. Raises StoreUnavailable."""
        outbox, now = self._store.outbox, self._courier.clock()
        await outbox.expire(now)
        for queued in await outbox.backlog():
            if queued.due_at <= now:
                self.expect(queued.platform, queued.page_id)

    async def _inquire(self) -> None:
        """Look for what nothing has settled, on all pages at once. Raises StoreUnavailable."""
        jobs = defaultdict[tuple[str, str], list[SendJob]](list)
        for job in await self._store.outbox.unsettled(self._courier.clock(), INQUIRIES):
            jobs[job.message.platform, job.message.page_id].append(job)
        await asyncio.gather(*(self._settle(page, waiting) for page, waiting in jobs.items()))

    async def _settle(self, page: tuple[str, str], jobs: list[SendJob]) -> None:
        """One after the other: of two that say the same, the second must not find what the first one has."""
        for job in jobs:
            settled = await self._inquiry.settle(job)
            if settled is not None:
                self._lane(page).carry_on(settled)

    def _lane(self, page: tuple[str, str]) -> Lane:
        lane = self._lanes.get(page)
        if lane is None:
            work = Work(self._store.outbox, self._courier, partial(self._neighbours.sends, *page))
            lane = Lane(page, work, self._wake_endpoint)
            self._lanes[page] = lane
        return lane


async def _again_and_again(look: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await look()
        except StoreUnavailable as error:
            logger.warning(line("outbox not looked through", error=error))
        await asyncio.sleep(SWEEP_SECONDS)
