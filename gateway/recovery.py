"""Carries on what was asked for and takes long, step by step, in the process that delivers."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from gateway.clock import Clock
from gateway.inbound.ports import Deliverer
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable

TICK_SECONDS = 0.1
"""How late a step may be; far less than the second that rates are counted in."""


class Recovery:
    """A loop each over replays, re-normalisations and erasures, so that a slow one holds up no other.

    Where each of them is, only the store knows: a restart changes nothing.
    """

    def __init__(
        self,
        store: Store,
        deliverer: Deliverer,
        clock: Clock,
        others: Sequence[Callable[[], Awaitable[None]]],
    ) -> None:
        """`others`: what is carried on beside replays; each does all that is due now."""
        self._store = store
        self._deliverer = deliverer
        self._clock = clock
        self._others = others
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(_repeat(work)) for work in (self.advance, *self._others)]

    async def stop(self) -> None:
        """End between two steps."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def advance(self) -> None:
        """Do every step of a replay that is due. Raises StoreUnavailable."""
        while (endpoint_id := await self._store.advance_replay(self._clock())) is not None:
            self._deliverer.wake(endpoint_id)


async def _repeat(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        try:
            await work()
        except StoreUnavailable as error:
            logger.warning(line("recovery waits", error=error))
