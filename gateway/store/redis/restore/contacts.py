"""People of another store on their way into the shards: they keep their keys, where those are free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from gateway.store.redis.dump.records import Place, Records
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import contact_cell, index_entries, name_cell, read_row
from gateway.store.redis.restore.people import Part, Writes, group_writes, parts_of
from gateway.store.redis.restore.writing import ShardWrites, Writing
from gateway.store.transfer.people import ContactRecord, ConversationRecord


class Contacts:
    """Writes contacts and conversations."""

    def __init__(self, shards: Shards, writing: Writing) -> None:
        self._shards = shards
        self._writing = writing

    async def contacts(self, records: Sequence[ContactRecord]) -> None:
        """People with their identities and conversations."""
        parts = [part for record in records for part in parts_of(self._shards, record)]
        keys = await self._keys(parts)
        lots: dict[int, list[Writes]] = defaultdict(list)
        for part in parts:
            lots[part.shard].append(part.writes(keys[part.shard, part.record.id]))
        await self._write(lots)
        for record in records:
            for other in record.apart:
                await self._keep_apart(record.id, other)

    async def groups(self, records: Sequence[ConversationRecord]) -> None:
        """Conversations with groups."""
        lots: dict[int, list[Writes]] = defaultdict(list)
        for record in records:
            shard, writes = group_writes(self._shards, record)
            lots[shard].append(writes)
        await self._write(lots)

    async def _write(self, lots: dict[int, list[Writes]]) -> None:
        for shard, lot in lots.items():
            records = [part for one in lot for cell, value in one.cells for part in (*cell, value)]
            entries = [part for one in lot for cell, score in one.entries.items() for part in (*cell, score)]
            await self._writing.shard(shard, ShardWrites(records=records, entries=entries))

    async def _keys(self, parts: Sequence[Part]) -> dict[tuple[int, str], int]:
        """The key of each contact in each shard: what it has there, its own, or the next that is free."""
        records = Records(self._shards, {})
        await records.fetch(place for part in parts for place in _places(part))
        given: dict[tuple[int, str], int] = {}
        taken: set[tuple[int, int]] = set()
        for part in parts:
            known = records.get(part.shard, name_cell(part.record.id))
            key = int(known) if known else part.record.key
            while not known and (
                (part.shard, key) in taken or await self._is_taken(records, part.shard, key)
            ):
                key += 1
            given[part.shard, part.record.id] = key
            taken.add((part.shard, key))
        return given

    async def _is_taken(self, records: Records, shard: int, key: int) -> bool:
        await records.fetch([(shard, contact_cell(key))])
        return records.get(shard, contact_cell(key)) != ""

    async def _keep_apart(self, contact_id: str, other_id: str) -> None:
        """Write into both that they are two, wherever they are known."""
        ids = (contact_id, other_id)
        records = Records(self._shards, {})
        await records.fetch((shard, name_cell(one)) for shard in self._shards.numbers for one in ids)
        known = {one: records.with_name(name_cell(one)) for one in ids}
        for mine, other in (ids, ids[::-1]):
            if not known[other]:
                continue
            for shard in self._shards.numbers:
                await self._note(records, shard, mine, min(map(int, known[other])))

    async def _note(self, records: Records, shard: int, contact_id: str, other: int) -> None:
        key = records.get(shard, name_cell(contact_id))
        if key:
            row = read_row(records.get(shard, contact_cell(int(key))))
            row.more.apart = sorted({*row.more.apart, other})
            text = row.packed()
            writes = Writes([(contact_cell(int(key)), text)], index_entries(key, text))
            await self._write({shard: [writes]})


def _places(part: Part) -> Iterable[Place]:
    yield part.shard, name_cell(part.record.id)
    yield part.shard, contact_cell(part.record.key)
