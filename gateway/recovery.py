"""Carries replays on: step by step beside the traffic, in the process that delivers."""

import asyncio
import contextlib
from collections.abc import Callable

from gateway.clock import Clock
from gateway.inbound.ports import Deliverer
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable

TICK_SECONDS = 0.1
"""How late a step may be; far less than the second that rates are counted in."""


class Recovery:
    """One loop over all replays. Where each of them is, only the store knows: a restart changes nothing."""

    def __init__(
        self, store: Store, deliverer: Deliverer, clock: Clock, on_duty: Callable[[], bool] = lambda: True
    ) -> None:
        """`on_duty`: of several processes one does it. No step is done twice if two do."""
        self._store = store
        self._on_duty = on_duty
        self._deliverer = deliverer
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End between two steps."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def advance(self) -> None:
        """Do every step that is due. Raises StoreUnavailable."""
        while (endpoint_id := await self._store.advance_replay(self._clock())) is not None:
            self._deliverer.wake(endpoint_id)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if self._on_duty():
                    await self.advance()
            except StoreUnavailable as error:
                logger.warning(line("replays wait", error=error))
