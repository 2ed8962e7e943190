"""Where something stands among the events of all shards, as the one event that it came to last."""

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import place_of, position
from gateway.store.redis.layout.shards import Shards

_AROUND, _FETCH = shard_script("dump/around"), shard_script("events/fetch")


class Reached(Struct, frozen=True):
    """All events up to this one were looked at."""

    event_id: str | None
    """None: there is none."""
    exact: bool
    """No event behind it was looked at."""


class Boundaries:
    """Asks all shards: each has a position of its own."""

    def __init__(self, shards: Shards, events: str = "events") -> None:
        """`events`: in which list of each shard they are."""
        self._shards = shards
        self._list = events

    async def of_place(self, place: int) -> Reached:
        """For a place in the lists that go over all shards."""
        key, its_shard = place_of(place)
        return await self.of([key - 1 if shard > its_shard else key for shard in self._shards.numbers])

    async def of(self, positions: Sequence[int | None]) -> Reached:
        """For the key up to which each shard's events were looked at; None: all of them."""
        ends = ["+inf" if key is None else str(key) for key in positions]
        begins = ["+inf" if key is None else f"({key}" for key in positions]
        around = await self._around(ends, begins)
        looked_at = max((before for before, _ in around if before is not None), default=None)
        first_left = min((behind for _, behind in around if behind is not None), default=None)
        if looked_at is None or first_left is None or looked_at < first_left:
            return Reached(await self._id(looked_at), exact=True)
        return Reached(await self._id(await self._last_before(first_left)), exact=False)

    async def _last_before(self, place: int) -> int | None:
        key, its_shard = place_of(place)
        ends = [str(key) if shard < its_shard else f"({key}" for shard in self._shards.numbers]
        around = await self._around(ends, ends)
        return max((before for before, _ in around if before is not None), default=None)

    async def _around(
        self, ends: Sequence[str], begins: Sequence[str]
    ) -> list[tuple[int | None, int | None]]:
        """In each shard the places of the last event up to an end, and of the first from a beginning on."""
        runs = (
            self._shards.run(shard, _AROUND, self._list, ends[shard], begins[shard], repeatable=True)
            for shard in self._shards.numbers
        )
        answers = await asyncio.gather(*runs)
        return [
            (_place(before, shard), _place(behind, shard)) for shard, (before, behind) in enumerate(answers)
        ]

    async def _id(self, place: int | None) -> str | None:
        if place is None:
            return None
        key, shard = place_of(place)
        (event,) = await self._shards.run(shard, _FETCH, key, repeatable=True)
        return blobs.unpacked(event).content.id


def _place(member: Any, shard: int) -> int | None:
    return position(int(member.split(b" ", 1)[0]), shard) if member else None
