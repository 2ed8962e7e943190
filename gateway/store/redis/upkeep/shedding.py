"""Taking from events that stay what has a shorter life: raw elements, and attempts.

An open delivery may need the element for its next attempt, and its attempts tell when it failed: both stay
until it ends. A sweep goes over the events once, oldest first; what it leaves is noted when it may go.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.scripts import Value
from gateway.store.retention import Retention

_LOOK = shard_script("upkeep/shed", "upkeep/shed_look")
_ELEMENTS = shard_script("upkeep/shed", "upkeep/shed_elements")
_ATTEMPTS = shard_script("upkeep/shed", "upkeep/shed_attempts")


class Shedding:
    """Several processes may do so at the same time."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def shed(self, now: int, retention: Retention, limit: int) -> int:
        """One step over at most `limit` events; how many they were."""
        expired = first_key(max(now - retention.raw_ms, 0))
        before = max(now - retention.attempts_ms, 0)
        seen = 0
        for shard in self._shards.numbers:
            if seen < limit:
                seen += await self._elements(shard, expired, limit - seen)
        for shard in self._shards.numbers:
            if seen < limit:
                span = (first_key(before), before, limit - seen)
                seen += await self._shards.run(shard, _ATTEMPTS, *span, repeatable=True)
        return seen

    async def _elements(self, shard: int, expired: int, limit: int) -> int:
        reached, seen, *flat = await self._shards.run(shard, _LOOK, expired, limit, repeatable=True)
        if seen:
            less = [part for key, event in _pairs(flat) for part in _without_element(key, event)]
            await self._shards.run(shard, _ELEMENTS, reached, *less, repeatable=True)
        return int(seen)


def _pairs(flat: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _without_element(key: bytes, event: bytes) -> tuple[Value, ...]:
    """The key, the head that the event had, and the event. It still says where in the element it was."""
    blob = blobs.unpacked(event)
    head, content = replace(blob.head, has_element=False), replace(blob.content, envelope=None)
    return key, blob.head.packed(), blobs.pressed(head, content)
