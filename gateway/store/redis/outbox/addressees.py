"""Who is behind a recipient's id, as far as the shards know."""

from collections.abc import AsyncIterator

from msgspec import Struct

from adapters.base import Identity
from adapters.outgoing import Recipient
from gateway.store.outgoing import Addressee
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import read_row
from gateway.store.redis.records.conversations import group_cell, read_talk

_KNOWN, _CELLS = shard_script("outbox/known"), shard_script("layout/cells")
_PAGE_SCOPED = ("psid", "igsid")
_pages = Pages()


class _Found(Struct, frozen=True):
    """An identity of somebody, and the conversation with the page, if there is one."""

    scope: str
    conversation_id: str | None
    last_inbound_at: int | None


class Addressees:
    """Asks all shards at once: an id does not tell under which page or account it is known."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def find(self, platform: str, page_id: str, to: Recipient) -> Addressee:
        """What is known of a recipient. A telephone number is looked for as the wa_id that it is."""
        if to.kind == "group":
            return await self._group(platform, page_id, to)
        kind, value = _identity(to)
        elsewhere = []
        async for one in self._known(platform, page_id, kind, value):
            if kind in _PAGE_SCOPED and one.scope != page_id:
                elsewhere.append(one.scope)
            elif one.conversation_id is not None or kind in _PAGE_SCOPED:
                return Addressee(
                    platform=platform,
                    page_id=page_id,
                    to=to,
                    identity=Identity(kind, value, one.scope),
                    conversation_id=one.conversation_id,
                    last_inbound_at=one.last_inbound_at,
                )
        return Addressee(platform=platform, page_id=page_id, to=to, scopes=tuple(elsewhere))

    async def _group(self, platform: str, page_id: str, to: Recipient) -> Addressee:
        cell = group_cell(_pages.page(platform, page_id), to.value)
        answers = await self._shards.everywhere(_CELLS, *cell, repeatable=True)
        found = next((value.decode() for (value,) in answers if value is not None), None)
        return Addressee(platform=platform, page_id=page_id, to=to, conversation_id=found)

    async def _known(self, platform: str, page_id: str, kind: str, value: str) -> AsyncIterator[_Found]:
        page = _pages.page(platform, page_id)
        answers = await self._shards.everywhere(_KNOWN, platform, kind, value, str(page), repeatable=True)
        for flat in answers:
            for record, conversation_id, text in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
                identifier = conversation_id.decode() or None
                acted_at = read_talk(identifier, text).last_inbound_at if identifier and text else None
                for its_kind, its_value, scope, _ in read_row(record).identities:
                    if (its_kind, its_value) == (kind, value):
                        yield _Found(scope, identifier, acted_at)


def _identity(to: Recipient) -> tuple[str, str]:
    return ("wa_id", "".join(filter(str.isdigit, to.value))) if to.kind == "phone" else (to.kind, to.value)
