"""Replays, re-normalisations and places in the log of another store: each goes on behind the same event."""

from collections.abc import Sequence

from msgspec.structs import replace

from gateway.store.paging import cursor
from gateway.store.redis.events.reads import EventReads, Found
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.positions import position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.restore.central import run_writes
from gateway.store.redis.restore.writing import ShardWrites, Writing
from gateway.store.redis.runs.elements import EVENTS, QUARANTINE
from gateway.store.transfer.records import LeavingRecord, PlaceRecord, RenormalisationRecord, ReplayRecord

_NTH = central_script("layout/nth")


class Runs:
    """Written after the events that they name."""

    def __init__(self, shards: Shards, writing: Writing, events: EventReads) -> None:
        self._shards = shards
        self._writing = writing
        self._events = events

    async def replays(self, records: Sequence[ReplayRecord]) -> None:
        """Replays; what has been done of one is counted in the first shard."""
        for one in records:
            await self._writing.central(run_writes("replays", one.number, one.replay, one.due_at))
            reached = await self._found(one.reached)
            if one.due_at is not None and reached is not None:
                for shard in self._shards.numbers:
                    done = one.replay.done if shard == 0 else 0
                    fields = {"position": str(reached.key), "done": str(done), "ended": "0"}
                    name = f"replay:{one.replay.id}"
                    flat = [part for pair in fields.items() for part in (name, *pair)]
                    await self._writing.shard(shard, ShardWrites(records=flat))

    async def renormalisations(self, records: Sequence[RenormalisationRecord]) -> None:
        """Re-normalisations, each with a position that this store can read."""
        for one in records:
            run = replace(one.run, position=await self._position(one))
            await self._writing.central(run_writes("renormalisations", one.number, run, one.due_at))

    async def places(self, records: Sequence[PlaceRecord]) -> None:
        """How far endpoints that pull have come."""
        for one in records:
            reached = await self._found(one.reached)
            key = "0" if reached is None else str(reached.key)
            await self._writing.everywhere(ShardWrites(records=["acknowledged", one.endpoint_id, key]))

    async def leaving(self, records: Sequence[LeavingRecord]) -> None:
        """Up to where customers' events are known as such whose contents go early."""
        for one in records:
            reached = await self._found(one.reached)
            key = "0" if reached is None else str(reached.key)
            await self._writing.everywhere(ShardWrites(records=["emptying_from", one.customer_id, key]))

    async def _position(self, one: RenormalisationRecord) -> str:
        if one.unreadable is not None:
            key = await self._shards.central(_NTH, "quarantined", one.unreadable - 1, repeatable=True)
            return cursor(QUARANTINE, int(key))
        reached = await self._found(one.reached)
        # The last shard: keys of a move are all different, so nothing else has this one.
        return "" if reached is None else cursor(EVENTS, position(reached.key, self._shards.count - 1))

    async def _found(self, event_id: str | None) -> Found | None:
        return None if event_id is None else await self._events.find(None, event_id)
