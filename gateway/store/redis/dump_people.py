"""Contacts and conversations of all shards as records for another store."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from gateway.store.redis import blobs
from gateway.store.redis.contact_row import ContactRow, contact_cell, name_cell, page_cell, read_row
from gateway.store.redis.conversations import conversation_cell
from gateway.store.redis.dump_person import Part, Person, conversation_record, read_talk
from gateway.store.redis.dump_records import Place, Records
from gateway.store.redis.library import shard_script
from gateway.store.redis.positions import place_of, position
from gateway.store.redis.shards import Shards
from gateway.store.transfer.people import ContactRecord, ConversationRecord

_FIELDS, _LAST = shard_script("fields"), shard_script("dump_last")


class People:
    """Goes through all shards by the age of contacts; one that several shards know comes once."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._contacts: list[int] | None = None

    async def total(self) -> int:
        """How many contacts there are; one that several shards know counts for each."""
        return len(await self._places())

    async def contacts(self, after: str, limit: int) -> tuple[list[ContactRecord], str, bool]:
        """The next people, the oldest first; where to go on, and whether there are more."""
        places = await self._places()
        start = bisect_right(places, int(after or -1))
        chosen = places[start : start + limit]
        if not chosen:
            return [], after, False
        found = _Stretch(self._shards)
        people = await found.people([place_of(place) for place in chosen])
        return [one.record() for one in people], str(chosen[-1]), start + limit < len(places)

    async def groups(self, after: str, limit: int) -> tuple[list[ConversationRecord], str, bool]:
        """Conversations with groups, all at once: there are few of them."""
        found = []
        for shard, names in enumerate(await self._shards.everywhere(_FIELDS, "groups", repeatable=True)):
            cells = [("groups", name.decode()) for name in names]
            found += await _Stretch(self._shards).groups(shard, cells)
        return sorted(found, key=lambda one: (one.key, one.id)), after, False

    async def _places(self) -> list[int]:
        if self._contacts is None:
            names = await self._shards.everywhere(_FIELDS, "contacts", repeatable=True)
            self._contacts = sorted(
                position(int(key), shard) for shard, keys in enumerate(names) for key in keys
            )
        return self._contacts


class _Stretch:
    """Some people, and the records that they are put together from."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._records = Records(shards)
        self._wabas: dict[str, str | None] = {}

    async def people(self, places: Sequence[tuple[int, int]]) -> list[Person]:
        """Those whose oldest record is at one of these places, by key and shard."""
        await self._records.fetch((shard, contact_cell(key)) for key, shard in places)
        people = [await self._person(place) for place in places]
        chosen = [one for one, place in zip(people, places, strict=True) if one.place == place]
        parts = [part for one in chosen for part in one.parts]
        await self._records.fetch(cell for part in parts for cell in part.cells())
        await self._records.fetch(cell for part in parts for cell in part.ended_cells())
        await self._fetch_apart(parts)
        await self._fetch_wabas((part.shard, list(part.row.conversations.values())) for part in parts)
        return chosen

    async def groups(self, shard: int, cells: Sequence[tuple[str, str]]) -> list[ConversationRecord]:
        """The conversations that these groups have."""
        await self._records.fetch((shard, cell) for cell in cells)
        ids = {cell: self._records.get(shard, cell) for cell in cells}
        await self._records.fetch((shard, conversation_cell(one)) for one in ids.values())
        await self._records.fetch((shard, page_cell(name.partition("\n")[0])) for _, name in cells)
        await self._fetch_wabas([(shard, list(ids.values()))])
        return [self._group(shard, name, ids["groups", name]) for _, name in cells]

    def _group(self, shard: int, name: str, identifier: str) -> ConversationRecord:
        page, _, thread = name.partition("\n")
        talk = read_talk(identifier, self._records.get(shard, conversation_cell(identifier)))
        named = self._records.get(shard, page_cell(page))
        return conversation_record(talk, named, (), thread=thread, waba_id=self._wabas[identifier])

    async def _person(self, place: tuple[int, int]) -> Person:
        key, shard = place
        row = read_row(self._records.get(shard, contact_cell(key)))
        parts = [Part(shard, key, row, self._records)]
        if self._shards.count > 1:
            parts = await self._parts(row)
        return Person(parts, self._wabas)

    async def _parts(self, row: ContactRow) -> list[Part]:
        """What each shard knows of the contact."""
        cell = name_cell(row.id)
        await self._records.fetch((shard, cell) for shard in self._shards.numbers)
        found = []
        for shard in self._shards.numbers:
            key = self._records.get(shard, cell)
            if key:
                known = read_row(self._records.get(shard, contact_cell(int(key))))
                if known.id == row.id:
                    found.append(Part(shard, int(key), known, self._records))
        return sorted(found, key=lambda part: (part.key, part.shard))

    async def _fetch_apart(self, parts: Iterable[Part]) -> None:
        """Any shard may have the contacts that are somebody else."""
        keys = {key for part in parts if part.row.rare for key in part.row.rare.apart}
        await self._records.fetch(self._everywhere(keys))

    def _everywhere(self, keys: Iterable[int]) -> Iterator[Place]:
        return ((shard, contact_cell(key)) for key in keys for shard in self._shards.numbers)

    async def _fetch_wabas(self, conversations: Iterable[tuple[int, list[str]]]) -> None:
        """The WhatsApp account of each conversation, as its last event says."""
        for shard, ids in conversations:
            if ids:
                events = await self._shards.run(shard, _LAST, *ids, repeatable=True)
                self._wabas |= {
                    one: waba_of(event) if event else None for one, event in zip(ids, events, strict=True)
                }


def waba_of(event: bytes) -> str | None:
    """The WhatsApp account that an event is of."""
    import msgspec

    return msgspec.json.decode(blobs.unpacked(event).content.body, type=_Body).waba_id


class _Body(Struct):
    waba_id: str | None = None
