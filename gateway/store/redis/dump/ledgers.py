"""Messages, usage and erasures as records for another store."""

from bisect import bisect_right

import msgspec

from gateway.store.erasure import Erasure, ErasurePlan
from gateway.store.outgoing import MessageFilter, StoredMessage
from gateway.store.progress import expired
from gateway.store.records import PageRequest
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.dump.seen import keys_of
from gateway.store.redis.layout.keys import moment_of
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import place_of
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.reads import OutgoingReads
from gateway.store.redis.upkeep.usage import RedisUsage
from gateway.store.transfer.ledgers import CountedRecord, ErasedRecord, ErasureRecord, MessageRecord
from gateway.store.usage import Usage

_FIELDS, _COUNTED = shard_script("layout/fields"), shard_script("dump/counted")
_STEP = 2_000
_plan, _erasure = msgspec.json.Decoder(ErasurePlan), msgspec.json.Decoder(Erasure)
_USAGE, _OF_MONTH = "usage:", "counted:"


class Ledgers:
    """Goes through all shards."""

    def __init__(self, shards: Shards, configurations: Configurations) -> None:
        self._shards = shards
        self._records = configurations
        self._messages = OutgoingReads(shards)
        self._usage = RedisUsage(shards)
        self._counted: list[tuple[str, str]] | None = None

    async def messages(self, after: str, limit: int) -> tuple[list[MessageRecord], str, bool]:
        """The next messages, in the order in which they came; where to go on, and whether there are more."""
        request = PageRequest(limit=limit, cursor=after or None, ascending=True)
        page = await self._messages.messages(None, MessageFilter(), request)
        last = page.data[-1].cursor if page.data else after
        return [_message(one) for one in page.data], last, page.next_cursor is not None

    async def usage(self) -> list[Usage]:
        """All months at once: there are few accounts."""
        months = sorted({name.removeprefix(_USAGE) for name in await keys_of(self._shards, _USAGE)})
        return [one for month in months for one in await self._usage.read(None, month)]

    async def counted(self, after: str, limit: int) -> tuple[list[CountedRecord], str, bool]:
        """Conversations that months have counted; where to go on, and whether there are more."""
        counted = await self._all_counted()
        month, _, name = after.partition(" ")
        start = bisect_right(counted, (month, name))
        chosen = counted[start : start + _STEP]
        records = [CountedRecord(month=month, name=name) for month, name in chosen]
        last = " ".join(chosen[-1]) if chosen else after
        return records, last, start + _STEP < len(counted)

    async def erased(self) -> list[ErasedRecord]:
        """Conversations whose ids are not given again."""
        answers = await self._shards.everywhere(_FIELDS, "erased_conversations", repeatable=True)
        digests = sorted({name.decode() for names in answers for name in names})
        return [ErasedRecord(digest=digest) for digest in digests]

    async def erasures(self) -> list[ErasureRecord]:
        """Erasures that are over, or wait."""
        plans = {name: _plan.decode(text) for name, text in await self._records.table("parked")}
        found = [_erasure.decode(text) for _, text in await self._records.table("erasures")]
        found.sort(key=lambda one: one.id)
        return [ErasureRecord(erasure=one, plan=plans.get(one.id)) for one in found]

    async def _all_counted(self) -> list[tuple[str, str]]:
        if self._counted is None:
            found: set[tuple[str, str]] = set()
            for month in {name.removeprefix(_OF_MONTH) for name in await keys_of(self._shards, _OF_MONTH)}:
                answers = await self._shards.everywhere(_COUNTED, month, repeatable=True)
                found |= {(month, name.decode()) for names in answers for name in names}
            self._counted = sorted(found)
        return self._counted


def _message(one: StoredMessage) -> MessageRecord:
    """What was leased is as it will be when the lease is over."""
    progress = one.progress
    if progress.stage in ("leased", "begun"):
        progress = expired(one.message, progress, progress.due_at or 0).progress
    key, _ = place_of(int(one.cursor))
    return MessageRecord(
        at=moment_of(key), message=one.message, progress=progress, conversation_id=one.conversation_id
    )
