"""The log of a customer's events, as an endpoint pulls it, and how far each has acknowledged it.

A shard's commits come one after another and give keys that grow, so everything up to a key that can be
seen has been committed, or never will be. A cursor has one key per shard, or one key for all of them.
"""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from gateway.store.base import InvalidCursor
from gateway.store.paging import cursor, keys_of
from gateway.store.records import Endpoint, LogEntry, LogPage
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.blobs import Blob
from gateway.store.redis.layout.keys import LATEST
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards

_LOG, _FETCH = shard_script("events/described", "events/log"), shard_script("events/fetch")
_ACKNOWLEDGE = shard_script("events/acknowledge")
_STRETCH = 2_000
"""So many events of each shard are looked at in one read, so that a narrow filter holds up nobody else."""


class _Listed(Struct, frozen=True, order=True):
    """An event in a customer's list."""

    key: int
    shard: int
    about: str


class _Wanted(Struct, frozen=True):
    listed: _Listed
    name: str
    cursor: str


class Log:
    """Merges the shards by time."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def acknowledge(self, endpoint_id: str, upto: str | None) -> str:
        """Move forward, and tell the place. Raises InvalidCursor."""
        places = [""] * self._shards.count if upto is None else [str(key) for key in self._places(upto)]
        moved = await asyncio.gather(
            *(
                self._shards.run(shard, _ACKNOWLEDGE, endpoint_id, place, repeatable=True)
                for shard, place in enumerate(places)
            )
        )
        return _cursor([int(place) for place in moved])

    async def read(self, endpoint: Endpoint, after: str, limit: int) -> LogPage:
        """What comes next for the endpoint. Raises InvalidCursor."""
        places = self._places(after)
        parts = await asyncio.gather(
            *(self._of_shard(endpoint, shard, place) for shard, place in enumerate(places))
        )
        listed = sorted(one for part in parts for one in part)
        wanted: list[_Wanted] = []
        looked_at = 0
        for one in listed:
            looked_at += 1
            places[one.shard] = one.key
            name, platform, page_id = one.about.split(" ", 2)
            # A `test` is for the endpoint that it was asked for, which does not pull.
            if name != "test" and endpoint.wants(name, platform, page_id):
                wanted.append(_Wanted(one, name, _cursor(places)))
                if len(wanted) == limit:
                    break
        more = looked_at < len(listed) or any(len(part) == _STRETCH for part in parts)
        return LogPage(entries=await self._entries(wanted), cursor=_cursor(places), more=more)

    async def _of_shard(self, endpoint: Endpoint, shard: int, place: int) -> list[_Listed]:
        members = await self._shards.run(shard, _LOG, endpoint.customer_id, place, _STRETCH, repeatable=True)
        texts = (member.decode().partition(" ") for member in members)
        return [_Listed(int(key), shard, about) for key, _, about in texts]

    async def _entries(self, wanted: Sequence[_Wanted]) -> tuple[LogEntry, ...]:
        bodies: dict[tuple[int, int], bytes | None] = {}
        for shard in {one.listed.shard for one in wanted}:
            keys = [one.listed.key for one in wanted if one.listed.shard == shard]
            found = await self._shards.run(shard, _FETCH, *keys, repeatable=True)
            bodies.update(zip(((shard, key) for key in keys), found, strict=True))
        return tuple(
            _entry(one, event)
            for one in wanted
            if (blob := bodies[one.listed.shard, one.listed.key]) is not None
            and (event := blobs.unpacked(blob))
            and not event.head.emptied
        )

    def _places(self, text: str) -> list[int]:
        count = self._shards.count
        parts = text.count("-") + 1
        if parts not in (1, count):
            raise InvalidCursor(f"{text!r} is not a cursor of this list")
        places = [min(key, LATEST) for key in keys_of(text, parts)]
        return places if parts == count else places * count


def _cursor(places: Sequence[int]) -> str:
    return cursor(places[0]) if len(set(places)) == 1 else cursor(*places)


def _entry(one: _Wanted, event: Blob) -> LogEntry:
    content, revision = event.content, event.head.revision
    return LogEntry(id=content.id, name=one.name, body=content.body, cursor=one.cursor, revision=revision)
