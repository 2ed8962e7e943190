"""What lies in Redis for longer than a delivery takes is made small, in the background."""

import asyncio
from collections.abc import Sequence

from gateway.clock import Clock
from gateway.log import line, logger
from gateway.store.base import StoreUnavailable
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.scripts import Value
from gateway.tasks import end

PARKED_MS = 5_000
"""What is delivered at once is not worth it on the way."""
STEP = 200
_PAUSE_SECONDS = 1.0
_PARKED, _PRESS = shard_script("upkeep/parked"), shard_script("upkeep/press")


class Pressing:
    """Every process takes part, and none does what another one does."""

    def __init__(self, shards: Shards, clock: Clock) -> None:
        self._shards = shards
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._press_for_ever())

    async def stop(self) -> None:
        """End between two steps, or in one: what is not compressed is readable as well."""
        if self._task is not None:
            await end([self._task])

    async def press(self, now: int) -> int:
        """Compress some of what has been lying since `PARKED_MS` before `now`; how many."""
        return sum([await self._press_shard(shard, now) for shard in self._shards.numbers])

    async def _press_shard(self, shard: int, now: int) -> int:
        flat = await self._shards.run(shard, _PARKED, first_key(now - PARKED_MS), STEP)
        keys, events = flat[::2], flat[1::2]
        bodies = await asyncio.to_thread(_zipped, events)
        smaller = [
            part for key, body in zip(keys, bodies, strict=True) if body is not None for part in (key, body)
        ]
        if smaller:
            await self._shards.run(shard, _PRESS, *smaller, repeatable=True)
        return len(keys)

    async def _press_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                while await self.press(self._clock()):
                    pass
            except StoreUnavailable as error:
                logger.warning(line("parked events not compressed", error=error))


def _zipped(events: Sequence[bytes]) -> list[Value | None]:
    return [blobs.zipped(event) for event in events]
