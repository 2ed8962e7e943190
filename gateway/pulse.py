"""How the store is, asked every few seconds in every process: one that stopped its intake goes on by that."""

import asyncio

from gateway.store.base import Store
from gateway.tasks import end

PULSE_SECONDS = 5.0
"""How soon a store that had no room takes events in again once there is some."""


class Pulse:
    """A loop beside the traffic; whoever only receives needs it too."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._loop())]

    async def stop(self) -> None:
        """End between two questions."""
        await end(self._tasks)

    async def _loop(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            await self._store.health()
