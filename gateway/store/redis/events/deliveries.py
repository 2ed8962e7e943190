"""Lists of deliveries, single deliveries, and their attempts."""

import asyncio
import hashlib
from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import Struct

from gateway.store.identifiers import delivery_id, parts_of_delivery
from gateway.store.paging import cursor, page_of
from gateway.store.paging import position as cursor_position
from gateway.store.records import Attempt, Delivery, DeliveryFilter, DeliveryState, Page, PageRequest
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.events.reads import EventReads
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.attempts import attempt_of
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import bounds, position
from gateway.store.redis.layout.shards import Shards

_LIST, _ATTEMPTS = shard_script("events/deliveries"), shard_script("events/attempts")
_LOOKED_AT = 5_000
UNTRIED, TRIED, LEASED, BEHIND, DELIVERED, DEAD = range(6)
_encoder = msgspec.msgpack.Encoder()


class StoredDelivery(Struct, array_like=True):
    """A delivery as scripts keep it."""

    stage: int
    due_at: Any
    claim: int
    tries: int
    first_failed_at: Any
    replay: bool
    created_at: int
    line: Any
    attempts: int
    finished_at: Any
    form: Any = False

    @property
    def state(self) -> DeliveryState:
        """As the API names it."""
        if self.stage > BEHIND:
            return "dead" if self.stage == DEAD else "delivered"
        return "failed" if self.tries else "pending"


_decoder = msgspec.msgpack.Decoder(StoredDelivery)


class _Row(Struct, frozen=True):
    place: tuple[int, int]
    event_id: str
    endpoint_id: str
    stored: StoredDelivery


class _Source(Struct, frozen=True):
    """Where to look for deliveries: a list of a shard, and which endpoints count (None: all)."""

    name: str
    endpoints: Collection[str] | None
    shard: int | None = None


class DeliveryReads:
    """Goes through events in their order and gives the deliveries of each."""

    def __init__(self, shards: Shards, events: EventReads, configurations: Configurations) -> None:
        self._shards = shards
        self._events = events
        self._configurations = configurations

    async def deliveries(
        self, customer_id: str | None, which: DeliveryFilter, request: PageRequest
    ) -> Page[Delivery]:
        """One page. Raises InvalidCursor."""
        last = cursor_position(request, 2)
        source = await self._source(customer_id, which)
        if source is None:
            return Page(data=(), next_cursor=None)
        shards = self._shards.numbers if source.shard is None else (source.shard,)
        parts = await asyncio.gather(
            *(self._of_shard(source, which, request, last, shard) for shard in shards)
        )
        rows = [row for part in parts for row in part if last is None or _is_behind(row.place, last, request)]
        rows.sort(key=lambda row: row.place, reverse=not request.ascending)
        return page_of(rows, request, _delivery, lambda delivery: delivery.cursor)

    async def delivery(self, customer_id: str | None, identifier: str) -> Delivery | None:
        """None: the customer has no such delivery."""
        parts = parts_of_delivery(identifier)
        if parts is None:
            return None
        which = DeliveryFilter(event_id=parts[0], endpoint_id=parts[1])
        found = (await self.deliveries(customer_id, which, PageRequest(limit=1))).data
        return found[0] if found else None

    async def attempts(self, customer_id: str | None, identifier: str) -> list[Attempt] | None:
        """Oldest first. None: the customer has no such delivery."""
        delivery = await self.delivery(customer_id, identifier)
        found = None if delivery is None else await self._events.find(customer_id, delivery.event_id)
        if delivery is None or found is None:
            return None
        flat = await self._shards.run(
            found.shard, _ATTEMPTS, found.key, delivery.endpoint_id, repeatable=True
        )
        claims = sorted(zip(map(int, flat[::2]), flat[1::2], strict=True))
        return [attempt_of(text) for _, text in claims]

    async def _source(self, customer_id: str | None, which: DeliveryFilter) -> _Source | None:
        owners = await self._configurations.owners()
        named = None if which.endpoint_id is None else {which.endpoint_id}
        own = None if customer_id is None else {one for one, owner in owners.items() if owner == customer_id}
        endpoints = named if own is None else own if named is None else named & own
        if endpoints is not None and not endpoints:
            return None
        if which.event_id is not None:
            found = await self._events.find(customer_id, which.event_id)
            return None if found is None else _Source(f"event:{found.key}", endpoints, found.shard)
        if which.endpoint_id is not None:
            kind = "dead" if which.state == "dead" else "of"
            return _Source(f"{kind}:{which.endpoint_id}", endpoints)
        return _Source("events" if customer_id is None else f"customer:{customer_id}", endpoints)

    async def _of_shard(
        self,
        source: _Source,
        which: DeliveryFilter,
        request: PageRequest,
        last: tuple[int, ...] | None,
        shard: int,
    ) -> list[_Row]:
        start, end = bounds(request, None if last is None else last[0], shard)
        # The event at which the page before ended may have more deliveries.
        free = start.removeprefix("(")
        endpoints = "" if source.endpoints is None else _encoder.encode(list(source.endpoints))
        rows: list[_Row] = []
        more: bytes | str = free
        while more and len(rows) <= request.limit:
            order = "asc" if request.ascending else "desc"
            about = (source.name, more, end, order, request.limit, _LOOKED_AT, free, which.state or "")
            more, *flat = await self._shards.run(shard, _LIST, *about, endpoints, repeatable=True)
            rows += [_row(shard, flat[n : n + 4]) for n in range(0, len(flat), 4) if flat[n + 3]]
        return rows


def _row(shard: int, parts: list[Any]) -> _Row:
    key, endpoint, packed, event = parts
    endpoint_id = endpoint.decode()
    place = (position(int(key), shard), _endpoint_number(endpoint_id))
    return _Row(place, blobs.unpacked(event).content.id, endpoint_id, _decoder.decode(packed))


def _endpoint_number(endpoint_id: str) -> int:
    """What orders the deliveries of one event."""
    return int.from_bytes(hashlib.blake2b(endpoint_id.encode(), digest_size=8).digest()) >> 1


def _is_behind(place: tuple[int, int], last: tuple[int, ...], request: PageRequest) -> bool:
    return place > last if request.ascending else place < last


def _delivery(row: _Row) -> Delivery:
    stored = row.stored
    return Delivery(
        id=delivery_id(row.event_id, row.endpoint_id),
        event_id=row.event_id,
        endpoint_id=row.endpoint_id,
        state=stored.state,
        attempts=stored.attempts,
        created_at=stored.created_at,
        due_at=stored.due_at if stored.stage in (UNTRIED, TRIED) else None,
        finished_at=stored.finished_at or None,
        cursor=cursor(*row.place),
    )
