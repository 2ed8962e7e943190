"""Re-normalisations under way: the shards are changed first, each at once, and then the run moves.

Whoever dies in between leaves a step that is begun again: what a shard has of it changes nothing there.
"""

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from gateway.store.base import StoreUnavailable
from gateway.store.redis.central.quarantine import packed
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.positions import place_of
from gateway.store.redis.layout.shards import Shards, scope_of
from gateway.store.redis.runs.revisions import Applied, Part, Revisions
from gateway.store.renormalisation import Addition, Renormalisation, Step

_CELLS, _DUE = central_script("layout/cells"), central_script("runs/renormalisation_due")
_MOVE = central_script("central/unreadable", "runs/renormalisation_move")
_FETCH = shard_script("events/fetch")
_ATTEMPTS = 100
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.json.Decoder(Renormalisation)


class Renormalisations:
    """Carried on by any process, ended."""

    def __init__(self, shards: Shards, admissions: RedisAdmissions) -> None:
        self._shards = shards
        self._revisions = [Revisions(shard) for shard in admissions.each]

    async def due(self, now: int) -> Renormalisation | None:
        """The running one whose step has been due the longest."""
        record = await self._shards.central(_DUE, now, repeatable=True)
        return None if record is None else _decoder.decode(record)

    async def revise(self, step: Step) -> tuple[str, ...]:
        """Apply a step; the endpoints to wake."""
        record = await self._record(step.renormalisation_id)
        run = None if record is None else _decoder.decode(record)
        if run is None or record is None or run.state != "running" or run.position != step.begins:
            return ()
        standing = replace(step, additions=await self._standing(step.additions))
        applied = await asyncio.gather(
            *(self._apply(shard, part) for shard, part in self._parts(run, standing).items())
        )
        changed = (sum(one.revised for one in applied), sum(one.added for one in applied))
        await self._move(record, _moved(run, step, *changed), step, sum(changed))
        return tuple(dict.fromkeys(name for one in applied for name in one.woken))

    async def cancel(self, run_id: str, now: int) -> None:
        """End it after the step it is at, if it runs."""
        for _ in range(_ATTEMPTS):
            record = await self._record(run_id)
            run = None if record is None else _decoder.decode(record)
            if run is None or record is None or run.state != "running":
                return
            ended = msgspec.json.encode(replace(run, state="cancelled", finished_at=now))
            if await self._shards.central(_MOVE, run_id, record, ended, "", now, _encoder.encode([]), now):
                return
        raise StoreUnavailable("the run moves too fast to be ended")

    async def _record(self, run_id: str) -> bytes | None:
        (record,) = await self._shards.central(_CELLS, "renormalisations", run_id, repeatable=True)
        return None if record is None else bytes(record)

    async def _standing(self, additions: Sequence[Addition]) -> tuple[Addition, ...]:
        """Those that were read from nothing that has left the quarantine meanwhile."""
        places = {place for one in additions for place in one.quarantined}
        cells = [part for place in places for part in ("quarantine", str(place))]
        found = await self._shards.central(_CELLS, *cells, repeatable=True) if cells else []
        gone = {place for place, item in zip(places, found, strict=True) if item is None}
        return tuple(one for one in additions if gone.isdisjoint(one.quarantined))

    def _parts(self, run: Renormalisation, step: Step) -> dict[int, Part]:
        """Every shard has one: it may remember that the step was begun before."""
        parts = {shard: _empty(run, step) for shard in self._shards.numbers}
        for revision in step.revisions:
            key, shard = place_of(revision.place)
            parts[shard].revisions.append((key, revision))
        for supersession in step.supersessions:
            key, shard = place_of(supersession.place)
            parts[shard].supersessions.append((key, supersession))
        for addition in step.additions:
            arrival = addition.arrival
            home = self._shards.of(arrival.decoded.event.platform, scope_of(arrival))
            sources = [place_of(place) for place in addition.events]
            keys = [key for key, shard in sources if shard == home]
            parts[home].additions.append((keys, arrival))
        return parts

    async def _apply(self, shard: int, part: Part) -> Applied:
        found = await self._shards.run(shard, _FETCH, *part.keys, repeatable=True) if part.keys else []
        events = {key: event for key, event in zip(part.keys, found, strict=True) if event is not None}
        return await self._revisions[shard].apply(part, events)

    async def _move(self, record: bytes, after: Renormalisation, step: Step, changed: int) -> None:
        pause = 0 if after.plan.dry_run else -(-changed * 1_000 // after.rate)
        clearings = () if after.plan.dry_run else step.clearings
        cleared = _encoder.encode([(str(one.place), len(one.left)) for one in clearings])
        left = [packed(one.platform, step.at, item) for one in clearings for item in one.left]
        moments = ("", step.at) if step.last else (step.at + pause, "")
        text = msgspec.json.encode(after)
        await self._shards.central(_MOVE, after.id, record, text, *moments, cleared, step.at, *left)


def _empty(run: Renormalisation, step: Step) -> Part:
    return Part(
        run_id=run.id,
        begins=step.begins,
        at=step.at,
        dry_run=run.plan.dry_run,
        revisions=[],
        supersessions=[],
        additions=[],
    )


def _moved(run: Renormalisation, step: Step, revised: int, added: int) -> Renormalisation:
    """The run after the step."""
    return replace(
        run,
        position=step.ends,
        examined=run.examined + step.examined,
        revised=run.revised + revised,
        added=run.added + added,
        state="done" if step.last else "running",
        finished_at=step.at if step.last else None,
    )
