"""Messages on their way out, as the API lists them."""

import asyncio

from gateway.store.outgoing import MessageFilter, StoredMessage
from gateway.store.paging import cursor, page_of
from gateway.store.paging import position as cursor_position
from gateway.store.records import Page, PageRequest
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import bounds, narrowed, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.outgoing_record import (
    ORDER,
    OutgoingRecord,
    decoded,
    list_of_conversation,
    list_of_customer,
    outgoing_cell,
)

_LIST, _CELLS = shard_script("outbox/list"), shard_script("layout/cells")
_LOOKED_AT = 2_000
"""Messages per script, so that a narrow filter holds up nobody else."""


class OutgoingReads:
    """Asks all shards at once: an id does not tell where its message is."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def message(self, customer_id: str | None, message_id: str) -> StoredMessage | None:
        """None: the customer has no such message."""
        answers = await self._shards.everywhere(_CELLS, *outgoing_cell(message_id), repeatable=True)
        for shard, (value,) in enumerate(answers):
            if value is not None:
                record = decoded(value.decode())
                visible = customer_id in (None, record.message.customer_id)
                return _stored(position(record.key, shard), record) if visible else None
        return None

    async def messages(
        self, customer_id: str | None, which: MessageFilter, request: PageRequest
    ) -> Page[StoredMessage]:
        """One page. Raises InvalidCursor."""
        (last,) = cursor_position(request, 1) or (None,)
        parts = await asyncio.gather(
            *(self._of_shard(customer_id, which, request, last, shard) for shard in self._shards.numbers)
        )
        rows = [(position(one.key, shard), one) for shard, part in enumerate(parts) for one in part]
        rows.sort(key=lambda row: row[0], reverse=not request.ascending)
        return page_of(rows, request, lambda row: _stored(*row), lambda one: one.cursor)

    async def _of_shard(
        self,
        customer_id: str | None,
        which: MessageFilter,
        request: PageRequest,
        last: int | None,
        shard: int,
    ) -> list[OutgoingRecord]:
        start, end = narrowed(which.since, which.until, request, bounds(request, last, shard))
        filters = (customer_id or "", which.platform or "", which.page_id or "", which.state or "")
        found: list[OutgoingRecord] = []
        more: bytes | str = start
        while more and len(found) <= request.limit:
            about = (_list(customer_id, which), more, end, "asc" if request.ascending else "desc")
            limits = (request.limit + 1 - len(found), _LOOKED_AT)
            more, *records = await self._shards.run(shard, _LIST, *about, *limits, *filters, repeatable=True)
            found += [decoded(record.decode()) for record in records]
        return found


def _list(customer_id: str | None, which: MessageFilter) -> str:
    if which.conversation_id is not None:
        return list_of_conversation(which.conversation_id)
    return ORDER if customer_id is None else list_of_customer(customer_id)


def _stored(place: int, record: OutgoingRecord) -> StoredMessage:
    return StoredMessage(
        message=record.message,
        progress=record.progress,
        conversation_id=record.conversation_id or None,
        cursor=cursor(place),
    )
