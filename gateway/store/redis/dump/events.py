"""Events of all shards with their deliveries, as records for another store."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from gateway.store.redis.events.deliveries import BEHIND, DEAD, LEASED, StoredDelivery
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.attempts import attempt_of
from gateway.store.redis.layout.blobs import Head
from gateway.store.redis.layout.form import NATIVE, read_form
from gateway.store.redis.layout.keys import moment_of
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import behind, place_of, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.memory import read_waiting
from gateway.store.transfer.events import Content, DeliveryRecord, EventRecord, HeldRecord, held_order

_MEMBERS, _EVENTS = shard_script("layout/members"), shard_script("dump/events")
_FIELDS, _LOOK = shard_script("layout/fields"), shard_script("records/look")
_decoder = msgspec.msgpack.Decoder(StoredDelivery)
_Fetched = tuple[bytes, Sequence[bytes], int]
"""An event, what hangs on it, and whether its content goes early."""


class Events:
    """Goes through all shards in the order in which events were taken in."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def events(self, after: str, limit: int) -> tuple[list[EventRecord], str, bool]:
        """The next events; where to go on, and whether there are more."""
        last = int(after or -1)
        parts = await asyncio.gather(*(self._listed(shard, last, limit) for shard in self._shards.numbers))
        about = dict(sorted((place, text) for part in parts for place, text in part)[:limit])
        found = await self._fetched(list(about))
        records = [_event(place, text, *found[place]) for place, text in about.items()]
        return records, str(next(reversed(about), after)), len(records) == limit

    async def held(self) -> list[HeldRecord]:
        """All that waits for its message, which is never much."""
        found: list[HeldRecord] = []
        for shard, names in enumerate(await self._shards.everywhere(_FIELDS, "held", repeatable=True)):
            wanted = msgspec.msgpack.encode([part for name in names for part in ("held", name.decode())])
            flat = msgspec.msgpack.decode(await self._shards.run(shard, _LOOK, wanted, repeatable=True))
            for text in flat[2::3]:
                found += [HeldRecord(release_at=at, arrival=arrival) for at, arrival in read_waiting(text)]
        return sorted(found, key=held_order)

    async def _listed(self, shard: int, last: int, limit: int) -> list[tuple[int, str]]:
        """The next events of a shard: their places, and what lists say of them."""
        begin = "-inf" if last < 0 else behind(last, shard)
        members = await self._shards.run(shard, _MEMBERS, "events", begin, "+inf", limit, repeatable=True)
        texts = (member.decode().partition(" ") for member in members)
        return [(position(int(key), shard), about) for key, _, about in texts]

    async def _fetched(self, places: Sequence[int]) -> Mapping[int, _Fetched]:
        found: dict[int, _Fetched] = {}
        for shard in {place_of(place)[1] for place in places}:
            own = [place for place in places if place_of(place)[1] == shard]
            keys = [place_of(place)[0] for place in own]
            flat = await self._shards.run(shard, _EVENTS, *keys, repeatable=True)
            found.update(zip(own, zip(flat[::3], flat[1::3], flat[2::3], strict=True), strict=True))
        return found


def _event(place: int, about: str, event: bytes, hanging: Sequence[bytes], noted: int) -> EventRecord:
    name, platform, page_id = about.split(" ", 2)
    blob = blobs.unpacked(event)
    content = blob.content
    element = None if content.start is None or content.end is None else (content.start, content.end)
    # What stands for an echo of our own has an element without bytes, which a file leaves out.
    told = content.envelope != b""
    return EventRecord(
        at=moment_of(place_of(place)[0]),
        id=content.id,
        name=name,
        platform=platform,
        page_id=page_id,
        received_at=content.received_at,
        customer_ids=blob.head.customer_ids,
        conversation_id=blob.head.conversation_id or None,
        body=content.body,
        revision=blob.head.revision,
        superseded_by=tuple(content.superseded_by),
        envelope=content.envelope or None,
        content=_content(blob.head, noted),
        element=element if told else None,
        deliveries=tuple(_deliveries(hanging)),
    )


def _content(head: Head, noted: int) -> Content:
    if head.emptied:
        return "removed"
    return "leaving" if noted else "kept"


def _deliveries(hanging: Sequence[bytes]) -> Iterable[DeliveryRecord]:
    fields = dict(zip((one.decode() for one in hanging[::2]), hanging[1::2], strict=True))
    for endpoint_id in sorted(name for name in fields if " " not in name):
        made = (name.rpartition(" ") for name in fields if name.startswith(f"{endpoint_id} "))
        attempts = [(int(claim), attempt_of(fields[f"{endpoint_id} {claim}"])) for _, _, claim in made]
        yield _delivery(endpoint_id, _decoder.decode(fields[endpoint_id]), sorted(attempts, key=_claim))


def _claim(attempt: tuple[int, Any]) -> int:
    return attempt[0]


def _delivery(endpoint_id: str, one: StoredDelivery, attempts: list[Any]) -> DeliveryRecord:
    is_open = one.stage <= BEHIND
    format, include_raw = read_form(one.form or "") if is_open else (NATIVE, False)
    return DeliveryRecord(
        endpoint_id=endpoint_id,
        state=_state(one),
        due_at=_due_at(one),
        claim=one.claim,
        tries=one.tries if is_open else len(attempts),
        first_failed_at=(one.first_failed_at or None) if is_open else None,
        replay=is_open and one.replay,
        created_at=one.created_at,
        in_line=is_open and bool(one.line),
        format=format,
        include_raw=include_raw,
        finished_at=None if is_open else one.finished_at,
        attempts=tuple(attempts),
    )


def _state(one: StoredDelivery) -> Literal["untried", "tried", "behind", "delivered", "dead"]:
    """As it will be when leases are over."""
    if one.stage > BEHIND:
        return "dead" if one.stage == DEAD else "delivered"
    if one.stage == BEHIND:
        return "behind"
    return "tried" if one.tries else "untried"


def _due_at(one: StoredDelivery) -> int | None:
    """What was leased is due since it was made."""
    if one.stage >= BEHIND:
        return None
    return one.created_at if one.stage == LEASED else int(one.due_at)
