"""Quarantine, keyed requests, runs and places in the log, as records for another store."""

from bisect import bisect_right
from typing import Any

import msgspec
from msgspec.structs import replace

from gateway.store.base import Conflict
from gateway.store.paging import keys_of
from gateway.store.records import Configuration
from gateway.store.redis.central.quarantine import read_item
from gateway.store.redis.dump.reached import Boundaries, Reached
from gateway.store.redis.layout.keys import first_key, moment_of
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.runs.elements import EVENTS
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay
from gateway.store.transfer.records import (
    KeyedRecord,
    LeavingRecord,
    PlaceRecord,
    QuarantineRecord,
    RenormalisationRecord,
    ReplayRecord,
)

_MEMBERS, _QUARANTINED = central_script("layout/members"), central_script("central/quarantined")
_RUNS, _KEYED = central_script("dump/runs"), central_script("dump/keyed")
_LOOK, _KEYS = shard_script("events/described", "runs/replay_look"), shard_script("dump/keys_of")
_ALL = 1 << 31
_replays = msgspec.json.Decoder(Replay)
_renormalisations = msgspec.json.Decoder(Renormalisation)


class Central:
    """Reads what belongs to no shard."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._boundaries = Boundaries(shards)
        self._keys: list[str] | None = None

    async def quarantined(self, after: str, limit: int) -> tuple[list[QuarantineRecord], str, bool]:
        """What could not be read, the oldest first; where to go on, and whether there is more."""
        span = (f"({after or -1}", "+inf", "asc", limit)
        flat = await self._shards.central(_QUARANTINED, *span, repeatable=True)
        found = [_quarantined(int(key), item) for key, item in zip(flat[::2], flat[1::2], strict=True)]
        return found, str(int(flat[-2])) if flat else after, len(found) == limit

    async def keyed(self, after: str, limit: int) -> tuple[list[KeyedRecord], str, bool]:
        """Requests, in the order of their keys; where to go on, and whether there are more."""
        if self._keys is None:
            names = await self._shards.central(_MEMBERS, "keyed", "-inf", "+inf", _ALL, repeatable=True)
            self._keys = sorted(name.decode() for name in names)
        start = bisect_right(self._keys, after)
        chosen = self._keys[start : start + limit]
        if not chosen:
            return [], after, False
        flat = await self._shards.central(_KEYED, *chosen, repeatable=True)
        fields = zip(chosen, flat[::3], flat[1::3], flat[2::3], strict=True)
        return [_keyed(*one) for one in fields], chosen[-1], start + limit < len(self._keys)

    async def replays(self, after: str, limit: int) -> tuple[list[ReplayRecord], str, bool]:
        """Replays, in their order; where to go on, and whether there are more."""
        rows, reached, more = await self._runs("replays", after, limit)
        return [await self._replay(*row) for row in rows], reached, more

    async def renormalisations(self, after: str, limit: int) -> tuple[list[RenormalisationRecord], str, bool]:
        """Re-normalisations, in their order; where to go on, and whether there are more."""
        rows, reached, more = await self._runs("renormalisations", after, limit)
        return [await self._renormalisation(*row) for row in rows], reached, more

    async def places(self, configuration: Configuration) -> list[PlaceRecord]:
        """How far each endpoint that pulls has come.

        Where no single event says so, the place is before the first one that is not acknowledged: some are
        pulled twice then, and none is left out.
        """
        pulling = sorted(one.id for one in configuration.endpoints if one.type == "pull")
        if not pulling:
            return []
        answers = await self._shards.everywhere(_KEYS, "acknowledged", *pulling, repeatable=True)
        found = []
        for number, endpoint_id in enumerate(pulling):
            reached = await self._boundaries.of([int(answer[number] or 0) for answer in answers])
            found.append(PlaceRecord(endpoint_id=endpoint_id, reached=reached.event_id))
        return found

    async def leaving(self, configuration: Configuration) -> list[LeavingRecord]:
        """Up to where customers' events are known as such whose contents go early.

        Where shards have come differently far, it is the place before the first that is not known: what is
        behind it and known is noted twice, which changes nothing.
        """
        names = sorted(one.id for one in configuration.customers)
        answers = await self._shards.everywhere(_KEYS, "emptying_from", *names, repeatable=True)
        found = []
        for name, *keys in zip(names, *answers, strict=True):
            boundaries = Boundaries(self._shards, f"customer:{name}")
            reached = await boundaries.of([int(key or 0) for key in keys]) if any(keys) else None
            if reached is not None and reached.event_id is not None:
                found.append(LeavingRecord(customer_id=name, reached=reached.event_id))
        return found

    async def _runs(
        self, kind: str, after: str, limit: int
    ) -> tuple[list[tuple[int, bytes, int | None]], str, bool]:
        flat = await self._shards.central(_RUNS, kind, after or 0, limit, repeatable=True)
        rows = [
            (int(number), record, int(due_at) if due_at else None)
            for number, record, due_at in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        ]
        return rows, str(rows[-1][0]) if rows else after, len(rows) == limit

    async def _replay(self, number: int, text: bytes, due_at: int | None) -> ReplayRecord:
        replay = _replays.decode(text)
        reached = None
        if replay.state == "running":
            boundary = await self._reached(replay)
            if not boundary.exact:
                raise Conflict(
                    f"the replay {replay.id} has come further in some parts of the store than in others: "
                    "start the gateway again and let it end, or cancel it, and move then"
                )
            reached = boundary.event_id
        return ReplayRecord(number=number, replay=replace(replay, cursor=""), due_at=due_at, reached=reached)

    async def _reached(self, replay: Replay) -> Reached:
        begin = str(max(first_key(replay.plan.since) - 1, 0))
        about = (replay.id, "events", begin, "-inf", 0)
        answers = await self._shards.everywhere(_LOOK, *about, repeatable=True)
        return await self._boundaries.of([None if ended else int(at) for at, _, ended in answers])

    async def _renormalisation(self, number: int, text: bytes, due_at: int | None) -> RenormalisationRecord:
        run = _renormalisations.decode(text)
        reached, unreadable = None, None
        if run.state == "running" and run.position:
            part, place = keys_of(run.position, 2)
            if part == EVENTS:
                reached = (await self._boundaries.of_place(place)).event_id
            else:
                about = ("quarantined", "-inf", place, _ALL)
                unreadable = len(await self._shards.central(_MEMBERS, *about, repeatable=True))
        return RenormalisationRecord(
            number=number,
            run=replace(run, position="", cursor=""),
            due_at=due_at,
            reached=reached,
            unreadable=unreadable,
        )


def _quarantined(key: int, item: bytes) -> QuarantineRecord:
    platform, received_at, reason, pointer, body = read_item(item)
    return QuarantineRecord(
        at=moment_of(key),
        platform=platform,
        received_at=received_at,
        reason=reason,
        pointer=pointer,
        body=body,
    )


def _keyed(name: str, fingerprint: bytes, begun_at: Any, answer: bytes) -> KeyedRecord:
    return KeyedRecord(
        key=bytes.fromhex(name), fingerprint=fingerprint, begun_at=int(begun_at), answer=answer or None
    )
