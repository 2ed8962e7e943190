"""The elements that a re-normalisation looks at: of events of all shards by time, then of the quarantine."""

import asyncio
from collections.abc import Mapping, Sequence

from msgspec import Struct

from gateway.store.paging import cursor, keys_of
from gateway.store.redis.central import quarantine
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.positions import behind, place_of, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.renormalisation import ElementPage, KeptElement, RenormalisationPlan

SCANNED = 1_000
"""Events of each shard that one read looks at: a filter may leave out a million between two that fit."""
PAGE_BYTES = 1 << 20
"""A page ends with the element that fills it: one in quarantine may have 4 MiB."""
_FETCHED = 25
_UNREADABLE = 8
"""So many are brought here at once."""
EVENTS, QUARANTINE = range(2)
"""What the first number of a position says; the second is a place."""
_END = 1 << 63
_FIND = shard_script("events/named", "events/described", "runs/elements")
_FETCH = shard_script("events/fetch")
_QUARANTINED = central_script("central/quarantined")


class _Found(Struct, frozen=True):
    """Where elements are that fit the plan, and up to which place that is all of them."""

    about: dict[int, str]
    """Place → name, platform and page."""
    reached: int


class ElementReads:
    """Looks through a plan, stretch by stretch."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def count(self, plan: RenormalisationPlan) -> int:
        """How many elements the plan takes now."""
        counted, after = 0, _beginning(plan)
        while after < _END:
            found = await self._find(plan, after, SCANNED)
            counted += sum(place <= found.reached for place in found.about)
            after = found.reached
        if not plan.quarantine:
            return counted
        after, more = first_key(plan.since) - 1, True
        while more:
            elements, after, more = await self._unreadable(plan, after, SCANNED)
            counted += len(elements)
        return counted

    async def read(self, plan: RenormalisationPlan, text: str, limit: int) -> ElementPage:
        """The next stretch of the plan. Raises InvalidCursor."""
        part, after = keys_of(text, 2) if text else (EVENTS, _beginning(plan))
        if part == EVENTS:
            return await self._of_events(plan, after, limit)
        elements, reached, more = await self._unreadable(plan, after, limit)
        return ElementPage(elements=tuple(elements), position=cursor(QUARANTINE, reached), more=more)

    async def _of_events(self, plan: RenormalisationPlan, after: int, limit: int) -> ElementPage:
        found = await self._find(plan, after, limit)
        places = sorted(place for place in found.about if place <= found.reached)
        elements, reached = await self._fetch(places[:limit], found.about)
        if reached is not None and reached < places[-1]:
            return ElementPage(elements=elements, position=cursor(EVENTS, reached), more=True)
        if found.reached < _END:
            return ElementPage(elements=elements, position=cursor(EVENTS, found.reached), more=True)
        begin = max(first_key(plan.since) - 1, 0)
        return ElementPage(elements=elements, position=cursor(QUARANTINE, begin), more=plan.quarantine)

    async def _find(self, plan: RenormalisationPlan, after: int, limit: int) -> _Found:
        shards = self._shards.numbers
        parts = await asyncio.gather(*(self._of_shard(plan, after, limit, one) for one in shards))
        about = {place: text for part in parts for place, text in part.about.items()}
        return _Found(about, min(part.reached for part in parts))

    async def _of_shard(self, plan: RenormalisationPlan, after: int, limit: int, shard: int) -> _Found:
        source = "events" if plan.customer_id is None else f"customer:{plan.customer_id}"
        span = (source, behind(after, shard), f"({first_key(plan.until)}", limit, SCANNED)
        filters = (plan.event or "", plan.platform or "", plan.page_id or "", plan.customer_id or "*")
        reached, *members = await self._shards.run(shard, _FIND, *span, *filters, repeatable=True)
        texts = (member.decode().partition(" ") for member in members)
        end = position(int(reached), shard) if reached else _END
        return _Found({position(int(key), shard): about for key, _, about in texts}, end)

    async def _fetch(
        self, places: Sequence[int], about: Mapping[int, str]
    ) -> tuple[tuple[KeptElement, ...], int | None]:
        """Elements of these events until the page is full, and the place of the last one looked at."""
        elements: list[KeptElement] = []
        reached, size = None, 0
        for start in range(0, len(places), _FETCHED):
            some = places[start : start + _FETCHED]
            for place, event in zip(some, await self._events(some), strict=True):
                reached = place
                if event is not None and (element := _kept(place, about[place], event)) is not None:
                    elements.append(element)
                    size += len(element.envelope)
                if size >= PAGE_BYTES:
                    return tuple(elements), reached
        return tuple(elements), reached

    async def _events(self, places: Sequence[int]) -> list[bytes | None]:
        found: dict[int, bytes | None] = {}
        for shard in {place_of(place)[1] for place in places}:
            its = [place for place in places if place_of(place)[1] == shard]
            keys = (place_of(place)[0] for place in its)
            events = await self._shards.run(shard, _FETCH, *keys, repeatable=True)
            found.update(zip(its, events, strict=True))
        return [found[place] for place in places]

    async def _unreadable(
        self, plan: RenormalisationPlan, after: int, limit: int
    ) -> tuple[list[KeptElement], int, bool]:
        """The next of the quarantine, the key of the last one looked at, and whether there may be more."""
        elements: list[KeptElement] = []
        size = 0
        while len(elements) < limit and size < PAGE_BYTES:
            span = (f"({after}", f"({first_key(plan.until)}", "asc", _UNREADABLE)
            flat = await self._shards.central(_QUARANTINED, *span, repeatable=True)
            for key, item in zip(flat[::2], flat[1::2], strict=True):
                after = int(key)
                platform, body = quarantine.unpacked(item)
                if plan.platform in (None, platform):
                    elements.append(KeptElement(place=after, platform=platform, envelope=body))
                    size += len(body)
            if len(flat) < 2 * _UNREADABLE:
                return elements, max(after, 0), False
        return elements, after, True


def _beginning(plan: RenormalisationPlan) -> int:
    return position(first_key(plan.since), 0) - 1


def _kept(place: int, about: str, event: bytes) -> KeptElement | None:
    """None: its element has gone meanwhile."""
    blob = blobs.unpacked(event)
    content, (_, platform, page_id) = blob.content, about.split(" ", 2)
    if content.envelope is None:
        return None
    return KeptElement(
        place=place,
        platform=platform,
        envelope=content.envelope,
        event_id=content.id,
        page_id=page_id,
        body=content.body,
        customer_ids=blob.head.customer_ids,
        revision=blob.head.revision,
    )
