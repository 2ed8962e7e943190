"""Writing what another store held; repeating it changes nothing."""

from typing import Any

import msgspec
from msgspec import Struct, field

from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.restore.central import CentralWrites

_RESTORE, _CENTRAL = shard_script("records/changes", "restore/shard"), central_script("restore/central")
_encoder = msgspec.msgpack.Encoder()


class ShardWrites(Struct):
    """What becomes of one shard; the script `restore` says what is flat in each."""

    records: list[Any] = field(default_factory=list)
    memories: list[Any] = field(default_factory=list)
    held: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)


class Writing:
    """Writes to any shard, and to what belongs to none."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def shard(self, shard: int, writes: ShardWrites) -> None:
        """Write into a shard."""
        content = [writes.records, writes.memories, writes.held, writes.events, writes.entries]
        await self._shards.run(shard, _RESTORE, _encoder.encode(content), repeatable=True)

    async def everywhere(self, writes: ShardWrites) -> None:
        """Write the same into all shards."""
        for shard in self._shards.numbers:
            await self.shard(shard, writes)

    async def central(self, writes: CentralWrites) -> None:
        """Write what belongs to no shard."""
        await self._shards.central(_CENTRAL, writes.packed(), repeatable=True)
