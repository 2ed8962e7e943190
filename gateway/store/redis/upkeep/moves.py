"""What accounts that changed hands have left behind: events and messages follow, shard by shard.

Where a move is stands in a record of its own, which is written together with the account's new owner.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.outbox import RedisOutbox

PLACE = "moves"
START = "-inf"
_MESSAGES = 100
"""So many are handed over in one go."""
_HAND_OVER = shard_script("events/named", "events/described", "events/give", "upkeep/hand_over")
_encoder = msgspec.msgpack.Encoder()


class Move(Struct, frozen=True, array_like=True):
    """A page whose events go from one customer to another, and how far that is."""

    platform: str
    page_id: str
    former: str
    owner: str
    shard: int = 0
    position: str = START

    @property
    def page(self) -> tuple[str, str]:
        """Platform and id."""
        return self.platform, self.page_id

    def packed(self) -> bytes:
        """As it is kept."""
        return _encoder.encode(self)


class Moves:
    """One step of one move at a time; two processes that do the same step do it once."""

    def __init__(self, shards: Shards, configurations: Configurations, outbox: RedisOutbox) -> None:
        self._shards = shards
        self._configurations = configurations
        self._outbox = outbox

    async def next_name(self) -> str:
        """Of a move that comes after all that are under way. The configuration must be locked."""
        names = await self._configurations.names(PLACE)
        return f"{int(max(names, default='0')) + 1:09}"

    async def send_for_owner(self, move: Move) -> None:
        """Messages do not wait for the events: some are on their way. A death leaves the rest to `follow`."""
        customers, count = (move.former, move.owner), _MESSAGES
        for shard in self._shards.numbers:
            while await self._outbox.hand_over(shard, move.page, customers, count) == count:
                pass

    async def follow(self, limit: int) -> int:
        """One step over so many events or messages at most; how many it did, 0: nothing is left behind."""
        names = await self._configurations.names(PLACE)
        row = await self._configurations.cell(PLACE, min(names)) if names else None
        if row is None:
            return 0
        move = msgspec.msgpack.decode(row, type=Move)
        position, count = await self._step(move, limit)
        further = self._further(move, position)
        written = None if further is None else further.packed()
        name = min(names)
        await self._configurations.change([(PLACE, name, row)], [(PLACE, name, written)], says_the_same=True)
        return count or 1

    async def _step(self, move: Move, limit: int) -> tuple[str, int]:
        """Where the shard's next step begins, "" at its end, and over how much this one was."""
        customers = (move.former, move.owner)
        about = (*customers, *move.page, move.position, limit)
        position, count = await self._shards.run(move.shard, _HAND_OVER, *about, repeatable=True)
        if position:
            return position.decode(), int(count)
        messages = await self._outbox.hand_over(move.shard, move.page, customers, limit)
        return (move.position if messages == limit else ""), int(count) + messages

    def _further(self, move: Move, position: str) -> Move | None:
        """Where the next step begins; None: this was the last one."""
        if position:
            return replace(move, position=position)
        if move.shard + 1 < self._shards.count:
            return replace(move, shard=move.shard + 1, position=START)
        return None
