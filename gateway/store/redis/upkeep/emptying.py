"""Taking the content out of events that have been delivered, for customers who want it so.

A sweep notes the customer's events in their order. What is noted is looked at again and again, some at a
time, until it has arrived: no other script needs to know of this, and who has no such customer pays nothing.
"""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from gateway.store.emptying import emptied
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.scripts import Value

_AGAIN = 500
"""Events of a shard that are looked at again in one step."""
_NOTE = shard_script("upkeep/emptying_note")
_LOOK = shard_script("upkeep/shed", "upkeep/emptying_look")
_PUT = shard_script("upkeep/shed", "upkeep/emptying_put")


class RedisContents:
    """Contents that go early. Several processes may do so at the same time."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._looked_at = dict.fromkeys(shards.numbers, "0")
        """Up to which key the present round has come in each shard."""

    async def empty(self, customer_ids: Collection[str], limit: int) -> int:
        """How many were new or were emptied."""
        done = 0
        for shard in self._shards.numbers:
            for customer_id in customer_ids:
                done += await self._shards.run(shard, _NOTE, customer_id, limit, repeatable=True)
            done += await self._round(shard, customer_ids)
        return done

    async def _round(self, shard: int, customer_ids: Collection[str]) -> int:
        span = (self._looked_at[shard], _AGAIN)
        beyond, *flat = await self._shards.run(shard, _LOOK, *span, *customer_ids, repeatable=True)
        self._looked_at[shard] = beyond.decode()
        gone = [part for key, event in _pairs(flat) for part in _without_content(key, event)]
        return int(await self._shards.run(shard, _PUT, *gone, repeatable=True)) if gone else 0


def _pairs(flat: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _without_content(key: bytes, event: bytes) -> tuple[Value, ...]:
    """The key, the head that the event had, and the event."""
    blob = blobs.unpacked(event)
    head = replace(blob.head, has_element=False, emptied=True)
    content = replace(blob.content, body=emptied(blob.content.body), envelope=None)
    return key, blob.head.packed(), blobs.pressed(head, content)
