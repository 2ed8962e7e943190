"""Conversations as the API lists them: whose, how far, and when the person last wrote."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from adapters.base import Identity
from adapters.event import Contact
from adapters.parts import PersonIdentity
from gateway.store.outgoing import ConversationFilter, StoredConversation
from gateway.store.paging import cursor, page_of
from gateway.store.paging import position as cursor_position
from gateway.store.records import Page, PageRequest
from gateway.store.redis.central.owners import Owned, Owners
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import bounds, place_of, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import ContactRow, identity_cell, read_row
from gateway.store.redis.records.conversations import read_parties, read_talk

_LIST, _TALKS = shard_script("contacts/conversations"), shard_script("contacts/talks")
_encoder = msgspec.msgpack.Encoder()


class ConversationReads:
    """Asks all shards at once: an id does not tell where its conversation is."""

    def __init__(self, shards: Shards, owners: Owners) -> None:
        self._shards = shards
        self._owners = owners

    async def conversation(self, customer_id: str | None, conversation_id: str) -> StoredConversation | None:
        """None: the customer has no such conversation."""
        owned = await self._owners.read()
        answers = await self._shards.everywhere(_TALKS, conversation_id, repeatable=True)
        for shard, flat in enumerate(answers):
            for found in _conversations(flat, shard):
                page = (found.platform, found.page_id)
                visible = customer_id is None or page in owned.own(customer_id).values()
                return found if visible else None
        return None

    async def conversations(
        self, customer_id: str | None, which: ConversationFilter, request: PageRequest
    ) -> Page[StoredConversation]:
        """One page. Raises InvalidCursor."""
        (last,) = cursor_position(request, 1) or (None,)
        pages = None if customer_id is None else _own(customer_id, which, await self._owners.read())
        parts = await asyncio.gather(
            *(self._places(pages, which, request, last, shard) for shard in self._shards.numbers)
        )
        places = sorted((one for part in parts for one in part), reverse=not request.ascending)
        wanted = places[: request.limit + 1]
        found = await asyncio.gather(
            *(
                self._read(shard, [one for place, one in wanted if place_of(place)[1] == shard])
                for shard in self._shards.numbers
            )
        )
        rows = sorted((one for part in found for one in part), key=_place, reverse=not request.ascending)
        return page_of(rows, request, lambda one: one, lambda one: one.cursor)

    async def _places(
        self,
        pages: Sequence[str] | None,
        which: ConversationFilter,
        request: PageRequest,
        last: int | None,
        shard: int,
    ) -> list[tuple[int, str]]:
        span = (*bounds(request, last, shard), "asc" if request.ascending else "desc", request.limit + 1)
        numbers = "" if pages is None else _encoder.encode(pages)
        about = (numbers, which.platform or "", which.page_id or "", *span)
        flat = await self._shards.run(shard, _LIST, *about, repeatable=True)
        return [
            (position(int(key), shard), one.decode()) for one, key in zip(flat[::2], flat[1::2], strict=True)
        ]

    async def _read(self, shard: int, identifiers: Sequence[str]) -> list[StoredConversation]:
        if not identifiers:
            return []
        return list(
            _conversations(await self._shards.run(shard, _TALKS, *identifiers, repeatable=True), shard)
        )


def _own(customer_id: str, which: ConversationFilter, owned: Owned) -> list[str]:
    """The numbers of the customer's pages that are asked for."""
    return [
        number
        for number, (platform, page_id) in owned.own(customer_id).items()
        if which.platform in (None, platform) and which.page_id in (None, page_id)
    ]


def _place(conversation: StoredConversation) -> int:
    return int(conversation.cursor)


def _conversations(flat: Sequence[bytes], shard: int) -> Iterator[StoredConversation]:
    """Those that go on, of what the script found; an earlier version did not write every page's name down."""
    for fields in zip(*(flat[part::5] for part in range(5)), strict=True):
        identifier, parties, talk, page, contact = fields
        about = read_parties(parties)
        if about.goes_on and page:
            state, group = read_talk(identifier.decode(), talk), about.partner
            platform, _, page_id = page.decode().partition("\n")
            yield StoredConversation(
                id=state.id,
                platform=platform,
                page_id=page_id,
                contact=_contact(read_row(contact), platform) if contact else None,
                group_id=group if isinstance(group, str) else None,
                last_inbound_at=state.last_inbound_at,
                sequence=state.sequence,
                cursor=cursor(position(about.key, shard)),
            )


def _contact(row: ContactRow, platform: str) -> Contact:
    """The newest identity first, and last those that cannot be written to."""
    stale: Any = row.rare.stale if row.rare is not None else ()
    held = [Identity(*one[:3]) for one in reversed(row.identities) if not one[3]]
    held.sort(key=lambda one: identity_cell(platform, one)[1] in stale)
    identities = tuple(PersonIdentity(kind=one.kind, value=one.value, scope=one.scope) for one in held)
    return Contact(id=row.id, name=row.name, username=row.username, identities=identities)
