"""Ids of events that are known although the events are not stored, as records for another store."""

import asyncio
from bisect import bisect_right

from gateway.store.redis.library import shard_script
from gateway.store.redis.shards import Shards
from gateway.store.transfer.events import SeenRecord

_SCAN, _SEEN = shard_script("scan"), shard_script("dump_seen")
_SCANNED = 5_000
_SEEN_KEYS = "seen:"
_BUCKETS = 128
"""So many small hashes are read at once."""


class Seen:
    """Goes through all shards, period by period, bucket by bucket."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._buckets: list[str] | None = None

    async def seen(self, after: str, limit: int) -> tuple[list[SeenRecord], str, bool]:
        """The next ids; where to go on, and whether there are more."""
        buckets = await self._all_buckets()
        start = bisect_right(buckets, after)
        if start == len(buckets):
            return [], after, False
        period = buckets[start].partition(":")[0]
        chosen = [one for one in buckets[start : start + _BUCKETS] if one.startswith(f"{period}:")]
        names = [one.partition(":")[2] for one in chosen]
        answers = await self._shards.everywhere(_SEEN, period, *names, repeatable=True)
        found = sorted({name.decode() for answer in answers for name in answer})
        records = [SeenRecord(period=int(period), name=name) for name in found]
        return records, chosen[-1], start + len(chosen) < len(buckets)

    async def _all_buckets(self) -> list[str]:
        """`<period>:<bucket>` of all that there are; periods have four digits until the year 2079."""
        if self._buckets is None:
            found = await keys_of(self._shards, _SEEN_KEYS)
            self._buckets = sorted(name.removeprefix(_SEEN_KEYS) for name in found)
        return self._buckets


async def keys_of(shards: Shards, begin: str) -> set[str]:
    """The keys of all shards that begin so, without the prefixes of their shards."""
    parts = await asyncio.gather(*(_of_shard(shards, shard, begin) for shard in shards.numbers))
    return set().union(*parts)


async def _of_shard(shards: Shards, shard: int, begin: str) -> set[str]:
    found: set[str] = set()
    position = b"0"
    while True:
        position, *keys = await shards.run(shard, _SCAN, position, begin, _SCANNED, repeatable=True)
        found |= {key.decode() for key in keys}
        if position == b"0":
            return found
