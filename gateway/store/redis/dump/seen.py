"""What is remembered by period, as records for another store: ids of events that are known although they are
not stored, and identities of the erased.
"""

import asyncio
from bisect import bisect_right

from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.scripts import Script
from gateway.store.transfer.events import SeenRecord
from gateway.store.transfer.ledgers import DepartedRecord

_SCAN, _SEEN, _DEPARTED = shard_script("dump/scan"), shard_script("dump/seen"), shard_script("dump/departed")
_SCANNED = 5_000
_BUCKETS = 128
"""So many small hashes are read at once."""


class Seen:
    """Ids of events."""

    def __init__(self, shards: Shards) -> None:
        self._buckets = Buckets(shards, "seen:", _SEEN)

    async def seen(self, after: str, limit: int) -> tuple[list[SeenRecord], str, bool]:
        """The next ids; where to go on, and whether there are more."""
        period, names, cursor, more = await self._buckets.after(after)
        return [SeenRecord(period=period, name=name) for name in names], cursor, more


class Departed:
    """Identities of the erased."""

    def __init__(self, shards: Shards) -> None:
        self._buckets = Buckets(shards, "departed:", _DEPARTED)

    async def departed(self, after: str, limit: int) -> tuple[list[DepartedRecord], str, bool]:
        """The next hashes; where to go on, and whether there are more."""
        period, digests, cursor, more = await self._buckets.after(after)
        return [DepartedRecord(period=period, digest=digest) for digest in digests], cursor, more


class Buckets:
    """Goes through all shards, period by period, bucket by bucket."""

    def __init__(self, shards: Shards, begin: str, script: Script) -> None:
        """`begin`: how the keys begin; the script reads the names in some buckets of a period."""
        self._shards = shards
        self._begin = begin
        self._script = script
        self._buckets: list[str] | None = None

    async def after(self, cursor: str) -> tuple[int, list[str], str, bool]:
        """A period, the next names in it, where to go on, and whether there are more."""
        buckets = await self._all()
        start = bisect_right(buckets, cursor)
        if start == len(buckets):
            return 0, [], cursor, False
        period = buckets[start].partition(":")[0]
        chosen = [one for one in buckets[start : start + _BUCKETS] if one.startswith(f"{period}:")]
        names = [one.partition(":")[2] for one in chosen]
        answers = await self._shards.everywhere(self._script, period, *names, repeatable=True)
        found = sorted({name.decode() for answer in answers for name in answer})
        return int(period), found, chosen[-1], start + len(chosen) < len(buckets)

    async def _all(self) -> list[str]:
        """`<period>:<bucket>` of all that there are; periods have four digits until the year 2079."""
        if self._buckets is None:
            found = await keys_of(self._shards, self._begin)
            self._buckets = sorted(name.removeprefix(self._begin) for name in found)
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
