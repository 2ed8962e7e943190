"""What must happen with time: letting go of held events, deleting what is too old."""

import asyncio
from collections.abc import Callable, Sequence

from gateway.clock import Clock
from gateway.inbound.ports import Deliverer
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.store.records import Admission
from gateway.store.retention import Retention
from gateway.tasks import end

HELD_CHECK_SECONDS = 1.0
"""An edit or deletion is held for at most 5 s; it leaves within a second of that."""
PRUNE_SECONDS = 60.0
PRUNE_STEP = 100
"""Rows per step: a step must not hold up the commits of the hot path."""
TALLY_STEP = 500
"""Events counted in one step."""
PRUNE_REST = 2
"""After each step comes a rest so many times as long, which belongs to the hot path."""


class Upkeep:
    """Two loops beside the traffic. A store that does not answer makes them wait, not stop."""

    def __init__(
        self,
        store: Store,
        deliverer: Deliverer,
        clock: Clock,
        retention: Retention,
        on_duty: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_duty`: of several processes one does it. Nothing is lost or done twice if two do."""
        self._store = store
        self._on_duty = on_duty
        self._deliverer = deliverer
        self._clock = clock
        self._retention = retention
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin them."""
        loops = (self._release_loop(), self._prune_loop())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """End them between two steps."""
        await end(self._tasks)

    async def release(self) -> None:
        """Let go of every held event that is due."""
        self._hand_over(await self._store.release_held(self._clock()))

    async def prune(self) -> int:
        """Delete all that is older than the retention, step by step; how many rows went."""
        deleted, loop = 0, asyncio.get_running_loop()
        begun = loop.time()
        while step := await self._store.prune(self._clock(), self._retention, PRUNE_STEP):
            deleted += step
            await asyncio.sleep(PRUNE_REST * (loop.time() - begun))
            begun = loop.time()
        return deleted

    async def tally(self) -> None:
        """Count what accounts were used for, before the events that tell of it go."""
        while await self._store.usage.tally(TALLY_STEP):
            pass

    def _hand_over(self, admissions: Sequence[Admission]) -> None:
        for admission in admissions:
            for endpoint_id in admission.waiting:
                self._deliverer.wake(endpoint_id)

    async def _release_loop(self) -> None:
        while True:
            await asyncio.sleep(HELD_CHECK_SECONDS)
            try:
                if self._on_duty():
                    await self.release()
            except StoreUnavailable as error:
                logger.warning(line("held events not released", error=error))

    async def _prune_loop(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_SECONDS)
            try:
                if not self._on_duty():
                    continue
                await self.tally()
                if deleted := await self.prune():
                    logger.info(line("pruned", rows=deleted))
            except StoreUnavailable as error:
                logger.warning(line("not pruned", error=error))
