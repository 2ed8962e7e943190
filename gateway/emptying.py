"""Lets contents of events go as soon as they have been delivered, for customers who want it so."""

import asyncio
from collections.abc import Callable

from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.tasks import end

EMPTY_SECONDS = 1.0
"""How soon after the last delivery."""
EMPTY_STEP = 100
"""Events per step: a step must not hold up the commits of the hot path."""
EMPTY_REST = 2
"""After each step comes a rest so many times as long, which belongs to the hot path."""


class Emptying:
    """A loop beside the traffic, with nothing to do unless a customer wants it."""

    def __init__(self, store: Store, directory: Directory, on_duty: Callable[[], bool]) -> None:
        """`on_duty`: of several processes one does it. Nothing is lost or done twice if two do."""
        self._store = store
        self._directory = directory
        self._on_duty = on_duty
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._repeat())]

    async def stop(self) -> None:
        """End between two steps."""
        await end(self._tasks)

    async def empty(self) -> None:
        """All that can be emptied now, step by step. Raises StoreUnavailable."""
        customer_ids = [one.id for one in self._directory.customers.values() if not one.keep.content]
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while customer_ids and await self._store.contents.empty(customer_ids, EMPTY_STEP):
            await asyncio.sleep(EMPTY_REST * (loop.time() - begun))
            begun = loop.time()

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(EMPTY_SECONDS)
            try:
                if self._on_duty():
                    await self.empty()
            except StoreUnavailable as error:
                logger.warning(line("contents not removed", error=error))
