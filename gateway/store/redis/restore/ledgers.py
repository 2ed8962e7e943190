"""Messages, usage and erasures of another store on their way into the shards."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.store.redis.dump.records import Records
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards, scope_of_message
from gateway.store.redis.records.contact_row import departed_cell
from gateway.store.redis.records.lines import Line, line_cell
from gateway.store.redis.records.outgoing_record import PAGES, OutgoingRecord, outgoing_cell, page_name
from gateway.store.redis.records.outgoing_rows import part_cell
from gateway.store.redis.restore.central import CentralWrites
from gateway.store.redis.restore.writing import ShardWrites, Writing
from gateway.store.transfer.ledgers import (
    CountedRecord,
    DepartedRecord,
    ErasedRecord,
    ErasureRecord,
    MessageRecord,
)
from gateway.store.usage import Usage

_COUNTED, _TALLIED = shard_script("restore/counted"), shard_script("restore/tallied")
_pages = Pages()
_lines = msgspec.json.Decoder(Line)
_encode = msgspec.json.encode


class Ledgers:
    """Writes what went out, what was used, who was erased."""

    def __init__(self, shards: Shards, writing: Writing) -> None:
        self._shards = shards
        self._writing = writing

    async def messages(self, records: Sequence[MessageRecord], last: int) -> int:
        """Messages behind the one with the key `last`; the key of the last one now."""
        lots: dict[int, list[OutgoingRecord]] = defaultdict(list)
        for one in records:
            last = max(last + 1, first_key(one.at))
            message = one.message
            page = _pages.page(message.platform, message.page_id)
            about = (last, page, message.line, message, one.progress, one.conversation_id or "")
            lots[self._shards.of(message.platform, scope_of_message(message))].append(OutgoingRecord(*about))
        for shard, lot in lots.items():
            await self._send(shard, lot)
        return last

    async def usage(self, records: Sequence[Usage]) -> None:
        """What accounts were used for: the sum over all shards counts, so one of them has it."""
        writes = ShardWrites()
        for one in records:
            counts = {
                "received": one.messages_received,
                "sent": one.messages_sent,
                "conversations": one.conversations,
            }
            account = f"{one.customer_id}\n{one.platform}\n{one.page_id}"
            for name, count in counts.items():
                writes.records += (f"usage:{one.month}", f"{account} {name}", str(count))
        await self._writing.shard(0, writes)
        await self._shards.everywhere(_TALLIED, repeatable=True)

    async def counted(self, records: Sequence[CountedRecord]) -> None:
        """Conversations that months have counted: any shard may ask, so all of them know."""
        months: dict[str, list[str]] = defaultdict(list)
        for one in records:
            months[one.month].append(one.name)
        for month, names in months.items():
            await self._shards.everywhere(_COUNTED, month, *names, repeatable=True)

    async def erased(self, records: Sequence[ErasedRecord]) -> None:
        """Conversations whose ids are not given again, in whatever shard."""
        flat = [part for one in records for part in ("erased_conversations", one.digest, "1")]
        await self._writing.everywhere(ShardWrites(records=flat))

    async def departed(self, records: Sequence[DepartedRecord]) -> None:
        """What is remembered of the identities of the erased, in whatever shard."""
        flat: list[Any] = []
        for one in records:
            place, name = departed_cell(one.digest)
            flat += (place, one.period, name, str(one.period))
        await self._writing.everywhere(ShardWrites(memories=flat))

    async def erasures(self, records: Sequence[ErasureRecord]) -> None:
        """Erasures that are over, or wait."""
        hashes: list[Any] = []
        for record in records:
            one = record.erasure
            hashes += ("erasures", one.id, _encode(one).decode(), "erasure_codes", one.code, one.id)
            if record.plan is not None:
                hashes += ("parked", one.id, _encode(record.plan).decode())
        await self._writing.central(CentralWrites(hashes))

    async def _send(self, shard: int, lot: Sequence[OutgoingRecord]) -> None:
        writes = ShardWrites()
        for one in lot:
            writes.records += (*outgoing_cell(one.message.id), one.encoded())
            for number, part in enumerate(one.progress.parts):
                if part.message_id is not None:
                    writes.records += (*part_cell(one.page, part.message_id), f"{one.message.id} {number}")
            for name, score in one.lists().items():
                writes.entries += (name, one.message.id, score)
            if one.progress.stage == "waiting":
                page = page_name(one.message.platform, one.message.page_id)
                writes.entries += (PAGES, page, 0)
        writes.records += await self._lines(shard, [one for one in lot if one.progress.stage != "done"])
        await self._writing.shard(shard, writes)

    async def _lines(self, shard: int, lot: Sequence[OutgoingRecord]) -> list[str]:
        """The lines of what is open, with who may go."""
        cells = {(one.page, one.line): line_cell(one.page, one.line) for one in lot}
        records = Records(self._shards, {})
        await records.fetch((shard, cell) for cell in cells.values())
        lines: dict[tuple[int, str], Line] = {}
        for place, cell in cells.items():
            text = records.get(shard, cell)
            lines[place] = _lines.decode(text) if text else Line()
        for one in lot:
            line = lines[one.page, one.line]
            line.last = max(line.last, one.key)
            if one.progress.stage != "behind" and one.message.id not in line.front:
                line.front.append(one.message.id)
        return [part for place, line in lines.items() for part in (*cells[place], _encode(line).decode())]
