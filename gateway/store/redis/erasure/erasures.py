"""Erasing people, step by step, by whichever process comes first. Each step is safe to repeat.

Taking     the person becomes unknown, shard by shard: identities, profile, consents, conversations go
Searching  every event and its deliveries, found by reading the log of each shard once
Clearing   what is held, quarantined, answered under a key, listed; the note of what was looked for
Renewing   Redis' files, which still have what was deleted, are written anew

An erasure moves from one to the next only where it still is where the step began.
"""

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from adapters.base import Identity
from gateway.store.erasure import Concerned, Erasure, ErasurePlan, ErasureStep
from gateway.store.redis.central.configuration import Configurations, Row
from gateway.store.redis.erasure.departures import Departures
from gateway.store.redis.erasure.erasing import Eraser
from gateway.store.redis.erasure.trail import Trail
from gateway.store.redis.server.files import Asked, Files

_AGAIN = "+"
_LOOKS = 20
_PAUSE_SECONDS = 0.05
"""A small database is written anew within this; for a large one the next round looks again."""


class Taking(Struct, frozen=True, tag=True):
    """Some shards may know the person still."""

    plan: ErasurePlan


class Searching(Struct, frozen=True, tag=True):
    """Events of the person may be there."""

    trail: Trail


class Clearing(Struct, frozen=True, tag=True):
    """No events, but other things may be there."""

    trail: Trail


class Renewing(Struct, frozen=True, tag=True):
    """Nothing of the person is left: only whom to tell."""

    platform: str
    concerned: tuple[Concerned, ...]
    left: ErasurePlan | None = None
    """What is to be done when the platform has answered."""
    asked: dict[str, Asked] = {}


Stage = Taking | Searching | Clearing | Renewing


class _Running(Struct, frozen=True, array_like=True):
    """An erasure as it is written while it runs."""

    requested_at: int
    stage: Stage


class _Current(Struct, frozen=True):
    """A running erasure where it is, and that as it is written."""

    id: str
    running: _Running
    text: bytes


_running = msgspec.json.Decoder(_Running)
_plan = msgspec.json.Decoder(ErasurePlan)
_erasure = msgspec.json.Decoder(Erasure)
_encode = msgspec.json.encode


class Erasures:
    """Those that there have been: begun, carried on, waiting, done."""

    def __init__(
        self, configurations: Configurations, departures: Departures, eraser: Eraser, files: Files
    ) -> None:
        self._records = configurations
        self._departures = departures
        self._eraser = eraser
        self._files = files

    async def begin(self, erasure: Erasure, plan: ErasurePlan) -> Erasure:
        """Keep the request; whoever it leads to is unknown from now on. The same code is the same one."""
        waits = plan.of_app and not await self._leads_on(plan)
        kept = replace(erasure, state="parked" if waits else "running")
        current = _current(erasure.id, _Running(erasure.requested_at, Taking(plan)))
        place, text = ("parked", _encode(plan)) if waits else ("erasing", current.text)
        writes = [
            ("erasure_codes", erasure.code, erasure.id.encode()),
            ("erasures", erasure.id, _encode(kept)),
            (place, erasure.id, text),
        ]
        if not await self._change([("erasure_codes", erasure.code, None)], writes):
            return await self.under(erasure.code) or kept
        if not waits:
            await self._take(current, plan, erasure.requested_at)
        elif await self._leads_on(plan):
            # Somebody has become known by the id before it stood here that this one waits for it.
            await self._unpark(erasure.id, text, plan)
        return await self._shown(erasure.id)

    async def advance(self, limit: int, now: int) -> ErasureStep | None:
        """One step of the oldest. None: none is running."""
        running = await self._running()
        for current in running:
            if not isinstance(current.running.stage, Renewing):
                await self._step(current, current.running.stage, limit, now)
                return ErasureStep(erasure=await self._shown(current.id), done=False)
        waiting = [(one, stage) for one in running if isinstance(stage := one.running.stage, Renewing)]
        return await self._renew(waiting, now) if waiting else None

    async def end(self, erasure_id: str, now: int) -> Erasure | None:
        """It is over, or waits for the platform. None: it was so already."""
        text = await self._records.cell("erasing", erasure_id)
        stage = None if text is None else _running.decode(text).stage
        if not isinstance(stage, Renewing):
            return None
        shown = await self._shown(erasure_id)
        if stage.left is None:
            ended, waits = replace(shown, state="done", finished_at=now), None
        else:
            ended, waits = replace(shown, state="parked"), _encode(stage.left)
        writes = [
            ("erasing", erasure_id, None),
            ("parked", erasure_id, waits),
            ("erasures", erasure_id, _encode(ended)),
        ]
        return ended if await self._change([("erasing", erasure_id, text)], writes) else None

    async def resolve(self, platform: str, identity: Identity, others: tuple[Identity, ...] | None) -> None:
        """What is parked under an id runs now, if it leads to anybody."""
        for erasure_id, text in await self._records.table("parked"):
            parked = _plan.decode(text)
            if parked.means(platform, identity):
                plan = parked if others is None else parked.answered(others)
                if await self._leads_on(plan):
                    await self._unpark(erasure_id, text, plan)
                else:
                    kept = [("parked", erasure_id, _encode(plan))]
                    await self._change([("parked", erasure_id, text)], kept)

    async def _leads_on(self, plan: ErasurePlan) -> bool:
        return plan.searched if plan.begun else await self._departures.is_known(plan)

    async def parked(self) -> tuple[tuple[str, Identity], ...]:
        """Platform and id of what waits."""
        plans = [_plan.decode(text) for _, text in await self._records.table("parked")]
        return tuple((plan.platform, plan.identity) for plan in plans if plan.identity is not None)

    async def under(self, code: str) -> Erasure | None:
        """The erasure with this code."""
        erasure_id = await self._records.cell("erasure_codes", code)
        return None if erasure_id is None else await self._shown(erasure_id.decode())

    async def _step(
        self, current: _Current, stage: Taking | Searching | Clearing, limit: int, now: int
    ) -> None:
        match stage:
            case Taking():
                await self._take(current, stage.plan, now)
            case Searching():
                if not await self._eraser.events(_part(current.id, stage.trail.plan), stage.trail, limit):
                    await self._move(current, Clearing(stage.trail))
            case Clearing():
                await self._clear(current, stage.trail, now)

    async def _unpark(self, erasure_id: str, text: bytes, plan: ErasurePlan) -> None:
        """Run what waited; `text` is the plan as it was written."""
        erasure = await self._record(erasure_id)
        current = _current(erasure_id, _Running(erasure.requested_at, Taking(plan)))
        writes = [
            ("parked", erasure_id, None),
            ("erasing", erasure_id, current.text),
            ("erasures", erasure_id, _encode(replace(erasure, state="running"))),
        ]
        if await self._change([("parked", erasure_id, text)], writes):
            await self._take(current, plan, erasure.requested_at)

    async def _take(self, current: _Current, plan: ErasurePlan, now: int) -> None:
        trail = await self._departures.take(_part(current.id, plan), plan, now)
        await self._move(current, Searching(trail))

    async def _clear(self, current: _Current, trail: Trail, now: int) -> None:
        await self._eraser.rest(_part(current.id, trail.plan), trail, now)
        await self._move(current, Renewing(trail.plan.platform, trail.concerned, trail.plan.left))

    async def _renew(self, waiting: Sequence[tuple[_Current, Renewing]], now: int) -> ErasureStep | None:
        """The files are written beside everything else; what takes longer is looked at again later.

        All that wait for it have deleted what they had to, so one writing does for them.
        """
        for _ in range(_LOOKS):
            current, stage = waiting[0]
            renewal = await self._files.renew(stage.asked, now)
            if renewal.done:
                return await self._last_step(current, stage, renewal.remains)
            if renewal.asked != stage.asked:
                alike = [(one, its) for one, its in waiting if its.asked == stage.asked]
                waiting = [await self._ask(one, replace(its, asked=renewal.asked)) for one, its in alike]
            await asyncio.sleep(_PAUSE_SECONDS)
        return ErasureStep(erasure=await self._shown(waiting[0][0].id), done=False, stuck=True)

    async def _ask(self, current: _Current, stage: Renewing) -> tuple[_Current, Renewing]:
        return await self._move(current, stage), stage

    async def _last_step(self, current: _Current, stage: Renewing, remains: tuple[str, ...]) -> ErasureStep:
        return ErasureStep(
            erasure=await self._shown(current.id),
            done=True,
            remains=remains,
            platform=stage.platform,
            concerned=stage.concerned,
        )

    async def _move(self, current: _Current, stage: Stage) -> _Current:
        """Where another process has moved it, that one goes on."""
        moved = _current(current.id, replace(current.running, stage=stage))
        await self._change([("erasing", current.id, current.text)], [("erasing", current.id, moved.text)])
        return moved

    async def _running(self) -> list[_Current]:
        """The oldest first."""
        table = await self._records.table("erasing")
        found = [_Current(name, _running.decode(text), text) for name, text in table]
        return sorted(found, key=lambda one: (one.running.requested_at, one.id))

    async def _record(self, erasure_id: str) -> Erasure:
        return _erasure.decode(await self._records.cell("erasures", erasure_id) or b"")

    async def _shown(self, erasure_id: str) -> Erasure:
        """While it runs, the shards know how many events are gone; the record does, once it has waited."""
        erasure = await self._record(erasure_id)
        if erasure.state != "running":
            return erasure
        before = erasure.erased or await self._eraser.erased(erasure_id)
        return replace(erasure, erased=before + await self._eraser.erased(f"{erasure_id}{_AGAIN}"))

    async def _change(self, checks: Sequence[Row], writes: Sequence[Row]) -> bool:
        return await self._records.change(checks, writes, says_the_same=True)


def _part(erasure_id: str, plan: ErasurePlan) -> str:
    """What shards know it by: they take each once, and one that has waited for the platform takes twice."""
    return f"{erasure_id}{_AGAIN}" if plan.begun else erasure_id


def _current(erasure_id: str, running: _Running) -> _Current:
    return _Current(erasure_id, running, _encode(running))
