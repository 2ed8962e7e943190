"""Carries on what was asked for and takes long, step by step, in the process that delivers."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.clock import Clock
from gateway.inbound.ports import Deliverer
from gateway.log import line, logger
from gateway.renormaliser import Renormaliser
from gateway.store.base import Store, StoreUnavailable
from gateway.tasks import end

TICK_SECONDS = 0.1
"""How late a step may be; far less than the second that rates are counted in."""
FOLLOW_STEP = 200
"""Events of an account that moved which are handed over in one step."""
FOLLOW_REST = 2
"""After each such step comes a rest so many times as long, which belongs to the hot path."""


class Recovery:
    """A loop over all replays, one over all re-normalisations, which are slower and hold up no replay, and
    one over the history of accounts that have moved.

    Where each of them is, only the store knows: a restart changes nothing.
    """

    def __init__(
        self,
        store: Store,
        deliverer: Deliverer,
        renormaliser: Renormaliser,
        clock: Clock,
        on_duty: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_duty`: of several processes one does it. No step is done twice if two do."""
        self._store = store
        self._on_duty = on_duty
        self._deliverer = deliverer
        self._renormaliser = renormaliser
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        works = (self.advance, self._renormaliser.advance, self.follow)
        self._tasks = [asyncio.create_task(self._repeat(work)) for work in works]

    async def stop(self) -> None:
        """End between two steps."""
        await end(self._tasks)

    async def advance(self) -> None:
        """Do every step of a replay that is due. Raises StoreUnavailable."""
        while (endpoint_id := await self._store.advance_replay(self._clock())) is not None:
            self._deliverer.wake(endpoint_id)

    async def follow(self) -> None:
        """Hand over all that moved accounts have left behind. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while await self._store.ownership.follow(FOLLOW_STEP):
            await asyncio.sleep(FOLLOW_REST * (loop.time() - begun))
            begun = loop.time()

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if self._on_duty():
                    await work()
            except StoreUnavailable as error:
                logger.warning(line("recovery waits", error=error))
