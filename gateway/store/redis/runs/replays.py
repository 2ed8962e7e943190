"""Replays under way: each step makes the next deliveries due and moves the position, or does neither.

A replay goes through one shard after the other, and its position in each lies there, so that the position
moves with the deliveries. Which replay is next, and when, belongs to no shard.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from gateway.store.conditions import body_fits
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.intake.entries import NOBODY
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.replay import Replay, ReplayPlan

STEP = 200
"""Deliveries per step: a step must not hold up the commits of the hot path."""
SCANNED = 1_000
"""Events that a step looks at in a shard, at most: a filter may leave out a million between two that fit."""
_TAKEN_MS = 60_000
"""If the process that took a step dies, another one may do it after so long."""
_NEXT, _MOVE = central_script("runs/replay_next"), central_script("runs/replay_move")
_LOOK, _FETCH = shard_script("events/described", "runs/replay_look"), shard_script("events/fetch")
_PARTS = ("events/again", "runs/wanted")
_STEP = shard_script(*_PARTS, "events/give", "runs/replay_step")
_COUNT = shard_script(*_PARTS, "runs/replay_count")
_decoder = msgspec.json.Decoder(Replay)


class _Stretch(Struct, frozen=True):
    """What comes next in a shard: keys that fit the plan, where it ends, and if nothing lies behind it."""

    position: str
    done: int
    ended: bool
    keys: Sequence[str]
    last: str
    whole: bool


class Replays:
    """Carried on by any process, ended."""

    def __init__(self, shards: Shards, configurations: Configurations) -> None:
        self._shards = shards
        self._configurations = configurations

    async def count(self, plan: ReplayPlan) -> int:
        """How many events the plan takes now; none without its endpoint."""
        customer_id = await self._configurations.customer_of(plan.endpoint_id)
        counted = 0
        for shard in self._shards.numbers if customer_id is not None else ():
            after, whole = _start(plan), False
            while not whole:
                stretch = await self._look(shard, "", plan, customer_id or "", after)
                which = (plan.endpoint_id, plan.wanted, int(plan.unrouted))
                counted += await self._shards.run(shard, _COUNT, *which, *stretch.keys, repeatable=True)
                after, whole = stretch.last, stretch.whole
        return counted

    async def advance(self, now: int) -> str | None:
        """One step of what has been due the longest; its endpoint. None: nothing is due."""
        found = await self._shards.central(_NEXT, now, now + _TAKEN_MS)
        if not found:
            return None
        replay = _decoder.decode(found[1])
        customer_id = await self._configurations.customer_of(replay.plan.endpoint_id)
        if customer_id is None:
            await self._move(replay, "cancelled", "", now, now)
        else:
            await self._step(replay, customer_id, now)
        return replay.plan.endpoint_id

    async def cancel(self, replay_id: str, now: int) -> None:
        """End it, if it runs."""
        await self._shards.central(_MOVE, replay_id, "cancelled", "", "", now, repeatable=True)

    async def _step(self, replay: Replay, customer_id: str, now: int) -> None:
        limit = min(STEP, replay.rate)
        made = done = 0
        for shard in self._shards.numbers:
            stretch = await self._look(shard, replay.id, replay.plan, customer_id, _start(replay.plan))
            if stretch.ended:
                done += stretch.done
                continue
            some, its_done, ended = await self._make_due(replay, shard, stretch, now, limit - made)
            made += some
            done += its_done
            if not ended:
                pause = -(-made * 1_000 // replay.rate)
                await self._move(replay, "running", done, now + pause, now)
                return
        await self._move(replay, "done", done, now, now)

    async def _make_due(
        self, replay: Replay, shard: int, stretch: _Stretch, now: int, limit: int
    ) -> Sequence[int]:
        """How many were made due now, and in all steps here; whether the replay has ended in this shard."""
        plan = replay.plan
        where = (stretch.position, stretch.last, int(stretch.whole))
        what = (plan.endpoint_id, plan.wanted, int(plan.unrouted), now, limit)
        answer: Sequence[int] = await self._shards.run(
            shard, _STEP, replay.id, *where, *what, *stretch.keys, repeatable=True
        )
        return answer

    async def _move(self, replay: Replay, state: str, done: int | str, due_at: int, now: int) -> None:
        await self._shards.central(_MOVE, replay.id, state, done, due_at, now, repeatable=True)

    async def _look(self, shard: int, name: str, plan: ReplayPlan, customer_id: str, after: str) -> _Stretch:
        source = f"customer:{NOBODY if plan.unrouted else customer_id}"
        if plan.conversation_id is not None:
            source = f"conversation:{plan.conversation_id}"
        end = f"({first_key(plan.until)}"
        position, done, ended, *members = await self._shards.run(
            shard, _LOOK, name, source, after, end, SCANNED, repeatable=True
        )
        texts = [member.decode() for member in members]
        keys = [key for key, _, about in (text.partition(" ") for text in texts) if _fits(plan, about)]
        if any(one.conditions for one in plan.selections):
            keys = await self._meeting(shard, plan, keys)
        last = texts[-1].partition(" ")[0] if texts else position.decode()
        return _Stretch(position.decode(), done, bool(ended), keys, last, len(texts) < SCANNED)

    async def _meeting(self, shard: int, plan: ReplayPlan, keys: Sequence[str]) -> list[str]:
        """Those of the events that meet all conditions, which are on what is in them."""
        events = await self._shards.run(shard, _FETCH, *keys, repeatable=True)
        return [key for key, event in zip(keys, events, strict=True) if event and _meets(plan, event)]


def _start(plan: ReplayPlan) -> str:
    """The key after which the plan begins."""
    return str(max(first_key(plan.since) - 1, 0))


def _fits(plan: ReplayPlan, about: str) -> bool:
    """Whether an event is in the plan, by its name, platform and page."""
    event, platform, page_id = about.split(" ", 2)
    # Events of the gateway's own have no platform: they were for whom they were made for.
    return bool(platform) and all(one.takes(event, platform, page_id) for one in plan.selections)


def _meets(plan: ReplayPlan, event: bytes) -> bool:
    body = blobs.unpacked(event).content.body
    return all(body_fits(body, one.conditions) for one in plan.selections)
