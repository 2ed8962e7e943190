"""Deleting what is too old, in small steps: events first, with all that hangs on them."""

from gateway.store.base import REMEMBERED_MS
from gateway.store.keyed import KEYED_MS
from gateway.store.keys import period
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.outbox import RedisOutbox
from gateway.store.redis.upkeep.shedding import Shedding
from gateway.store.retention import Retention

_EVENTS, _FORGET = shard_script("events/remove", "upkeep/prune"), shard_script("upkeep/forget")
_CENTRAL, _MEMBERS = central_script("upkeep/prune_central"), central_script("layout/members")
_FORGET_RUNS = shard_script("runs/forget")


class Pruning:
    """Several processes may prune at the same time."""

    def __init__(self, shards: Shards, outbox: RedisOutbox) -> None:
        self._shards = shards
        self._outbox = outbox
        self._shedding = Shedding(shards)

    async def prune(self, now: int, retention: Retention, limit: int) -> int:
        """One step over at most `limit` rows of what comes first; how many they were.

        Ids go by the bucket, and a bucket may have some more of them.
        """
        expired = first_key(max(now - retention.events_ms, 0))
        unreadable = first_key(max(now - retention.raw_ms, 0))
        # The period itself may hold what is still remembered.
        forgotten = period(now - max(retention.events_ms, REMEMBERED_MS))
        ages = (unreadable, now - KEYED_MS, now - retention.events_ms, limit)
        return (
            await self._events(expired, limit)
            or await self._shedding.shed(now, retention, limit)
            or await self._ids(forgotten, limit)
            or await self._outbox.prune(expired, now, limit)
            or await self._rest(ages)
        )

    async def _rest(self, ages: tuple[int, int, int, int]) -> int:
        """What belongs to no shard. The shards forget a run before its record goes: nothing is left over."""
        *_, ended, limit = ages
        for runs in ("replays", "renormalisations"):
            about = (f"{runs}_finished", "-inf", f"({ended}", limit)
            ids = await self._shards.central(_MEMBERS, *about, repeatable=True)
            if ids:
                await self._shards.everywhere(_FORGET_RUNS, *ids, repeatable=True)
        return int(await self._shards.central(_CENTRAL, *ages, repeatable=True))

    async def _events(self, expired: int, limit: int) -> int:
        deleted = 0
        for shard in self._shards.numbers:
            if deleted < limit:
                deleted += await self._shards.run(shard, _EVENTS, expired, limit - deleted, repeatable=True)
        return deleted

    async def _ids(self, forgotten: int, limit: int) -> int:
        deleted = 0
        for shard in self._shards.numbers:
            more = 1
            while more and deleted < limit:
                some, more = await self._shards.run(
                    shard, _FORGET, forgotten, limit - deleted, repeatable=True
                )
                deleted += some
        return deleted
