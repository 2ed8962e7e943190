"""Signed bytes that could not be read."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from adapters.base import Quarantined
from gateway.contacts.naming import mentions
from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest, QuarantineEntry
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards

_ADD = central_script("central/unreadable", "central/quarantine")
_LIST = central_script("central/quarantined")
_DROP = central_script("central/quarantine_drop")
_LOOKED_AT = 8
"""At once: one may have 4 MiB."""
_Item = tuple[str, int, str, str, bytes]
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[_Item] = msgspec.msgpack.Decoder(_Item)


class Quarantine:
    """Belongs to no shard: nobody knows whose page it is about."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def add(self, platform: str, received_at: int, items: Sequence[Quarantined]) -> None:
        """Keep them, in their order."""
        await self._shards.central(_ADD, received_at, *(packed(platform, received_at, one) for one in items))

    async def list(self, request: PageRequest) -> Page[QuarantineEntry]:
        """One page. Raises InvalidCursor."""
        last = position(request, 1)
        begin = ("-inf" if request.ascending else "+inf") if last is None else f"({last[0]}"
        end, order = ("+inf", "asc") if request.ascending else ("-inf", "desc")
        flat = await self._shards.central(_LIST, begin, end, order, request.limit + 1, repeatable=True)
        rows = list(zip(flat[::2], flat[1::2], strict=True))
        return page_of(rows, request, _entry, lambda entry: entry.id.removeprefix("qrt_"))

    async def drop(self, values: Collection[str]) -> None:
        """Delete what mentions one of the values. Safe to repeat."""
        begin = "-inf"
        while True:
            flat = await self._shards.central(_LIST, begin, "+inf", "asc", _LOOKED_AT, repeatable=True)
            rows = list(zip(flat[::2], flat[1::2], strict=True))
            named = [key for key, item in rows if mentions(unpacked(item)[1], values)]
            if named:
                await self._shards.central(_DROP, *named, repeatable=True)
            if len(rows) < _LOOKED_AT:
                return
            begin = f"({rows[-1][0].decode()}"


def packed(platform: str, received_at: int, item: Quarantined) -> bytes:
    """An item as it is kept."""
    return _encoder.encode((platform, received_at, item.reason, item.pointer, item.body))


def read_item(item: bytes) -> _Item:
    """Platform, when it came, why it could not be read, where it is, and its bytes."""
    return _decoder.decode(item)


def unpacked(item: bytes) -> tuple[str, bytes]:
    """The platform of an item, and its bytes."""
    platform, _, _, _, body = _decoder.decode(item)
    return platform, body


def _entry(row: tuple[Any, Any]) -> QuarantineEntry:
    platform, received_at, reason, pointer, body = _decoder.decode(row[1])
    return QuarantineEntry(
        id=f"qrt_{cursor(int(row[0]))}",
        platform=platform,
        received_at=received_at,
        reason=reason,
        pointer=pointer,
        body=body,
    )
