"""The deletions that an erasure is made of; what remains of an event is its id, as a tombstone.

Each step of a shard is applied only where the erasure still is where the step was planned, so several
processes may do them at the same time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from gateway.contacts.naming import concerns, names
from gateway.store.redis.central.keyed import KeyedRequests
from gateway.store.redis.central.quarantine import Quarantine
from gateway.store.redis.erasure.trail import Trail
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.outbox import RedisOutbox
from gateway.store.redis.records.view import bucket_of_id
from gateway.store.redis.runs.runs import Runs

SCANNED = 1_000
"""Events that one step looks at, at most."""
_FETCHED = 50
"""So many are read at once: what they hold is looked through here, and everything else waits."""
_STAND = shard_script("erasure/stand")
_LOOK = shard_script("erasure/look")
_FETCH = shard_script("events/fetch")
_EVENTS, _REST = shard_script("events/remove", "erasure/events"), shard_script("erasure/rest")


class _Place(Struct, frozen=True):
    """How far an erasure has come in a shard: it is kept as text, and compared as text."""

    until: int
    """The last event of the time before: who comes back is somebody new."""
    reached: int
    erased: int

    @classmethod
    def read(cls, text: bytes | None) -> "_Place":
        return cls(*map(int, text.split())) if text is not None else cls(0, 0, 0)

    @property
    def text(self) -> str:
        return f"{self.until} {self.reached} {self.erased}"


class Eraser:
    """Deletes what a trail leads to."""

    def __init__(
        self,
        shards: Shards,
        admissions: RedisAdmissions,
        outbox: RedisOutbox,
        central: tuple[Quarantine, KeyedRequests, Sequence[Runs[Any]]],
    ) -> None:
        """`central`: what belongs to no shard and may name people."""
        self._shards = shards
        self._admissions = admissions
        self._outbox = outbox
        self._quarantine, self._keyed, self._runs = central

    async def erased(self, erasure_id: str) -> int:
        """Events that are gone."""
        return sum(place.erased for place in await self._places(erasure_id))

    async def events(self, erasure_id: str, trail: Trail, limit: int) -> bool:
        """Erase the next events, at most `limit`; whether there are more to be looked at."""
        for shard, place in enumerate(await self._places(erasure_id)):
            if place.reached < place.until:
                await self._step(shard, erasure_id, trail, limit, place)
                return True
        return False

    async def rest(self, erasure_id: str, trail: Trail, now: int) -> None:
        """Erase everything that is not an event. Safe to repeat."""
        await self._outbox.erase(trail.plan.platform, trail.is_within, now)
        for shard in self._shards.numbers:
            await self._admissions.each[shard].drop_held(
                lambda arrival: concerns(arrival, trail.values, trail.scopes)
            )
            await self._shards.run(shard, _REST, erasure_id, *trail.conversation_ids, repeatable=True)
        for runs in self._runs:
            await runs.drop(trail.conversation_ids)
        await self._quarantine.drop(trail.values)
        everything = (*trail.values, *trail.conversation_ids)
        await self._keyed.forget_about(lambda body: names(body, everything))

    async def _places(self, erasure_id: str) -> list[_Place]:
        stands = await self._shards.everywhere(_STAND, erasure_id, repeatable=True)
        return [_Place.read(state) for state, _ in stands]

    async def _step(self, shard: int, erasure_id: str, trail: Trail, limit: int, place: _Place) -> None:
        span = (place.reached, place.until, SCANNED)
        flat = await self._shards.run(shard, _LOOK, *span, repeatable=True)
        members = [text.decode().split(" ", 3) for text in flat[::2]]
        talks = {one[0]: talk.decode() for one, talk in zip(members, flat[1::2], strict=True)}
        likely = [
            key
            for key, _, platform, page_id in members
            if talks[key] in trail.conversation_ids or trail.may_hold(platform, page_id)
        ]
        found = await self._theirs(shard, trail, {key: talks[key] for key in likely}, limit)
        reached = place.until if len(members) < SCANNED else int(members[-1][0])
        if len(found) == limit:
            reached = int(next(reversed(found)))
        after = _Place(place.until, reached, place.erased + len(found))
        graves = [part for key, event_id in found.items() for part in (key, *bucket_of_id(event_id))]
        change = (erasure_id, place.text, after.text, *graves)
        await self._shards.run(shard, _EVENTS, *change, repeatable=True)

    async def _theirs(self, shard: int, trail: Trail, talks: Mapping[str, str], limit: int) -> dict[str, str]:
        """Which of these events are the person's, by key: their ids; the first `limit` of them."""
        found: dict[str, str] = {}
        keys = list(talks)
        for start in range(0, len(keys), _FETCHED):
            some = keys[start : start + _FETCHED]
            events = await self._shards.run(shard, _FETCH, *some, repeatable=True)
            for key, event in zip(some, events, strict=True):
                content = blobs.unpacked(event).content if event is not None else None
                if content is not None and trail.leads_to(talks[key], content):
                    found[key] = content.id
                if len(found) == limit:
                    return found
        return found
