"""Lists of events, single events, and the platform's bytes of them."""

import asyncio
from typing import Any

from msgspec import Struct

from adapters.event import Placement, place
from gateway.store.base import RawExpired
from gateway.store.paging import cursor, page_of
from gateway.store.paging import position as cursor_position
from gateway.store.records import EventFilter, Page, PageRequest, RawElement, StoredEvent
from gateway.store.redis.intake.entries import NOBODY
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.blobs import Blob
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import bounds, narrowed, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.view import bucket_of_id

_FIND, _LIST = shard_script("events/find"), shard_script("events/named", "events/described", "events/list")
_LOOKED_AT = 5_000
"""Events per script, so that a narrow filter holds up nobody else."""


class Found(Struct, frozen=True):
    """An event and where it is."""

    key: int
    shard: int
    blob: Blob


class EventReads:
    """Asks all shards at once: an id does not tell where its event is."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def event(self, customer_id: str | None, event_id: str) -> StoredEvent | None:
        """None: the customer has no such event."""
        found = await self.find(customer_id, event_id)
        return None if found is None else _stored(found)

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        """None: the customer has no such event, or it was made by the gateway. Raises RawExpired."""
        found = await self.find(customer_id, event_id)
        if found is None:
            return None
        content = found.blob.content
        if content.start is None or content.end is None:
            return None
        if content.envelope is None:
            raise RawExpired(f"the raw element of {event_id} is not kept, or not any more")
        return RawElement(event_id=event_id, envelope=content.envelope, element=(content.start, content.end))

    async def find(self, customer_id: str | None, event_id: str) -> Found | None:
        """The event, if the customer may see it."""
        answers = await self._shards.everywhere(_FIND, *bucket_of_id(event_id), repeatable=True)
        for shard, answer in enumerate(answers):
            if answer:
                blob = blobs.unpacked(answer[1])
                visible = customer_id is None or customer_id in blob.head.customer_ids
                return Found(int(answer[0]), shard, blob) if visible and blob.content.id == event_id else None
        return None

    async def events(
        self, customer_id: str | None, which: EventFilter, request: PageRequest
    ) -> Page[StoredEvent]:
        """One page. What nobody owns is the operator's to see. Raises InvalidCursor."""
        (last,) = cursor_position(request, 1) or (None,)
        if customer_id is not None and which.unrouted:
            return Page(data=(), next_cursor=None)
        shards = self._shards.numbers
        parts = await asyncio.gather(
            *(self._of_shard(customer_id, which, request, last, shard) for shard in shards)
        )
        rows = [found for part in parts for found in part]
        rows.sort(key=lambda one: position(one.key, one.shard), reverse=not request.ascending)
        return page_of(rows, request, _stored, lambda event: event.cursor)

    async def _of_shard(
        self, customer_id: str | None, which: EventFilter, request: PageRequest, last: int | None, shard: int
    ) -> list[Found]:
        start, end = narrowed(which.since, which.until, request, bounds(request, last, shard))
        filters = (which.event or "", which.platform or "", which.page_id or "", customer_id or "")
        found: list[Found] = []
        more: bytes | str = start
        while more and len(found) <= request.limit:
            wanted = request.limit + 1 - len(found)
            about = (_list(customer_id, which), more, end, "asc" if request.ascending else "desc")
            more, *flat = await self._shards.run(
                shard, _LIST, *about, wanted, _LOOKED_AT, *filters, repeatable=True
            )
            found += [Found(int(key), shard, blobs.unpacked(blob)) for key, blob in _pairs(flat)]
        return found


def _list(customer_id: str | None, which: EventFilter) -> str:
    if which.conversation_id is not None:
        return f"conversation:{which.conversation_id}"
    if which.unrouted:
        return f"customer:{NOBODY}"
    return "events" if customer_id is None else f"customer:{customer_id}"


def _pairs(flat: list[Any]) -> list[tuple[bytes, bytes]]:
    """Keys and events; what was pruned between list and event is left out."""
    return [(key, blob) for key, blob in zip(flat[::2], flat[1::2], strict=True) if blob is not None]


def _stored(found: Found) -> StoredEvent:
    content, body = found.blob.content, found.blob.content.body
    if content.superseded_by:
        # Not in the stored body: what is still on its way must be the same on every attempt.
        body = place(body, Placement(superseded_by=content.superseded_by))
    return StoredEvent(
        id=content.id,
        body=body,
        customer_ids=found.blob.head.customer_ids,
        received_at=content.received_at,
        cursor=cursor(position(found.key, found.shard)),
    )
