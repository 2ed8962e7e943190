"""Records of all shards, fetched many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from gateway.store.base import Conflict
from gateway.store.redis.central.owners import Page
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import page_cell
from gateway.store.redis.records.view import ABSENT, Cell

_LOOK = shard_script("records/look")
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[str | bool])
Place = tuple[int, Cell]
"""A shard and a record of it."""


class Records:
    """What has been fetched is known from then on."""

    def __init__(self, shards: Shards, connected: Mapping[str, Page]) -> None:
        self._shards = shards
        self._connected = connected
        self._known: dict[Place, str] = {}

    async def fetch(self, wanted: Iterable[Place]) -> None:
        """Know these records. Whose contact an identity or an id names is known as well."""
        lots: dict[int, list[str]] = defaultdict(list)
        for shard, cell in wanted:
            if (shard, cell) not in self._known:
                lots[shard] += cell
        for shard, lot in lots.items():
            flat = _decoder.decode(
                await self._shards.run(shard, _LOOK, _encoder.encode(lot), repeatable=True)
            )
            for place, name, value in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
                self._known[shard, (str(place), str(name))] = str(value) if value else ABSENT

    def get(self, shard: int, cell: Cell) -> str:
        """A record that was fetched; ABSENT: there is none."""
        return self._known[shard, cell]

    def page(self, shard: int, number: str) -> Page:
        """The page that a number stands for; its name was fetched. Raises Conflict."""
        platform, _, page_id = self._known.get((shard, page_cell(number)), ABSENT).partition("\n")
        if page_id:
            return platform, page_id
        if number in self._connected:
            return self._connected[number]
        raise Conflict(f"nobody knows any more which page the number {number} stands for")

    def with_name(self, cell: Cell) -> list[str]:
        """The records that were fetched under this name, of all shards that have one."""
        found = (self._known.get((shard, cell), ABSENT) for shard in self._shards.numbers)
        return [text for text in found if text != ABSENT]
