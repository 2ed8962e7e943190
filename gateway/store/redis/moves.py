"""What accounts that changed hands have left behind: their events follow, shard by shard, step by step.

Where a move is stands in a record of its own, which is written together with the account's new owner.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.store.redis.configuration import Configurations
from gateway.store.redis.library import shard_script
from gateway.store.redis.shards import Shards

PLACE = "moves"
START = "-inf"
_HAND_OVER = shard_script("named", "hand_over")
_encoder = msgspec.msgpack.Encoder()


class Move(Struct, frozen=True, array_like=True):
    """A page whose events go from one customer to another, and how far that is."""

    platform: str
    page_id: str
    former: str
    owner: str
    shard: int = 0
    position: str = START

    def packed(self) -> bytes:
        """As it is kept."""
        return _encoder.encode(self)


class Moves:
    """One step of one move at a time; two processes that do the same step do it once."""

    def __init__(self, shards: Shards, configurations: Configurations) -> None:
        self._shards = shards
        self._configurations = configurations

    async def next_name(self) -> str:
        """Of a move that comes after all that are under way. The configuration must be locked."""
        names = await self._configurations.names(PLACE)
        return f"{int(max(names, default='0')) + 1:09}"

    async def follow(self, limit: int) -> int:
        """One step over so many events at most; how many it did, 0: nothing is left behind."""
        names = await self._configurations.names(PLACE)
        row = await self._configurations.cell(PLACE, min(names)) if names else None
        if row is None:
            return 0
        move = msgspec.msgpack.decode(row, type=Move)
        whose = (move.former, move.owner, move.platform, move.page_id)
        position, count = await self._shards.run(
            move.shard, _HAND_OVER, *whose, move.position, limit, repeatable=True
        )
        further = self._further(move, position.decode())
        written = None if further is None else further.packed()
        name = min(names)
        await self._configurations.change([(PLACE, name, row)], [(PLACE, name, written)], says_the_same=True)
        return int(count) or 1

    def _further(self, move: Move, position: str) -> Move | None:
        """Where the next step begins; None: this was the last one."""
        if position:
            return replace(move, position=position)
        if move.shard + 1 < self._shards.count:
            return replace(move, shard=move.shard + 1, position=START)
        return None
