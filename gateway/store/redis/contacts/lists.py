"""Lists of contacts over all shards: newest first, each page of it a few indexed reads per shard."""

import asyncio
from collections.abc import Iterable
from typing import Any

import msgspec

from adapters import ADAPTERS
from gateway.store.contact import ContactFilter, KnownContact
from gateway.store.paging import cursor, page_of
from gateway.store.paging import position as cursor_position
from gateway.store.records import Page, PageRequest
from gateway.store.redis.central.owners import Owned, Owners
from gateway.store.redis.contacts.parts import Person
from gateway.store.redis.contacts.reads import ContactReads
from gateway.store.redis.contacts.views import show
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.positions import bounds, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import LISTED, folded, read_row

_LIST = shard_script("contacts/list")
_LOOKED_AT = 2_000
"""Contacts per script, so that a narrow filter holds up nobody else."""
_ANYWHERE = "whatsapp"
"""The platform whose pages do not tell their shard: the account that a number belongs to does."""
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Place = tuple[int, str]
"""Where a contact stands in the list, and its id."""
Through = dict[str, int | None] | None
"""The pages through which one looks, and the shard of each, where it tells its shard; None: any."""


class ContactLists:
    """Who fits comes from the sorted sets, all about them from their records."""

    def __init__(self, shards: Shards, owners: Owners, reads: ContactReads) -> None:
        self._shards = shards
        self._owners = owners
        self._reads = reads

    async def contacts(
        self, customer_id: str | None, which: ContactFilter, request: PageRequest
    ) -> Page[KnownContact]:
        """One page. Raises InvalidCursor."""
        (last,) = cursor_position(request, 1) or (None,)
        owned = await self._owners.read()
        # Whoever has an identity are few: they are found first, and who may be seen is asked of each.
        pages = _pages(customer_id, which, owned, self._shards) if which.identity is None else None
        rows: list[tuple[int, Person]] = []
        found: list[Place] | None = None
        while found is None or (len(found) > request.limit >= len(rows)):
            found = await self._places(which, pages, request, last)
            people = await self._reads.find([contact_id for _, contact_id in found])
            wanted = (
                (place, people[one])
                for place, one in found
                if one in people and _is_wanted(which, people[one], customer_id, owned)
            )
            rows += wanted
            last = found[-1][0] if found else None

        def shown(row: tuple[int, Person]) -> KnownContact:
            return show(row[1], customer_id, owned, cursor(row[0]))

        return page_of(rows, request, shown, lambda one: one.cursor)

    async def ids_of(self, which: ContactFilter) -> set[str]:
        """All contacts with an identity, whoever may see them."""
        request = PageRequest()
        found = [await self._of_shard(which, None, request, None, one) for one in self._shards.numbers]
        return {contact_id for part in found for _, contact_id in part}

    async def _places(
        self, which: ContactFilter, pages: Through, request: PageRequest, last: int | None
    ) -> list[Place]:
        """The next ones in the list, one more than asked for."""
        shards = self._shards.numbers
        parts = await asyncio.gather(
            *(self._of_shard(which, pages, request, last, shard) for shard in shards)
        )
        return _in_order((place for part in parts for place in part), request)[: request.limit + 1]

    async def _of_shard(
        self,
        which: ContactFilter,
        pages: Through,
        request: PageRequest,
        last: int | None,
        shard: int,
    ) -> list[Place]:
        begin, end = bounds(request, last, shard)
        sources = self._sources(which, pages, shard)
        narrow = _narrow(which)
        within = sources if narrow is not None and pages is not None else []
        lists = [part for one in ([narrow] if narrow and sources else sources) for part in (one, begin)]
        found: list[Place] = []
        while lists:
            asked = [lists, within, end, "asc" if request.ascending else "desc", *_filters(which, request)]
            answer = await self._shards.run(shard, _LIST, _encoder.encode(asked), repeatable=True)
            lists, rows = _decoder.decode(answer)
            keys = ((int(key), read_row(row).id) for key, row in zip(rows[::2], rows[1::2], strict=True))
            found += [(position(key, shard), name) for key, name in keys if _is_between(key, begin, end)]
        return found

    def _sources(self, which: ContactFilter, pages: Through, shard: int) -> list[str]:
        """The lists of this shard; one per page through which one looks."""
        if pages is None:
            return [LISTED + one for one in ADAPTERS if which.platform in (None, one)]
        return [f"{LISTED}page:{one}" for one, its_shard in pages.items() if its_shard in (None, shard)]


def _pages(customer_id: str | None, which: ContactFilter, owned: Owned, shards: Shards) -> Through:
    if customer_id is not None:
        own = list(owned.own(customer_id).values())
    elif which.page_id is not None:
        own = [(platform, which.page_id) for platform in ADAPTERS]
    else:
        return None
    numbers = Pages()
    return {
        str(numbers.page(platform, page_id)): None if platform == _ANYWHERE else shards.of(platform, page_id)
        for platform, page_id in own
        if which.platform in (None, platform) and which.page_id in (None, page_id)
    }


def _is_wanted(which: ContactFilter, person: Person, customer_id: str | None, owned: Owned) -> bool:
    """What no shard can say alone. Whoever was found by an identity has been looked for on all pages."""
    if which.stale not in (None, person.is_stale):
        return False
    return which.identity is None or _is_met(which, person, customer_id, owned)


def _is_met(which: ContactFilter, person: Person, customer_id: str | None, owned: Owned) -> bool:
    """Whether one of the pages through which one looks knows the contact."""
    pages = person.pages
    if which.page_id is not None:
        numbers = Pages()
        pages &= {str(numbers.page(platform, which.page_id)) for platform in ADAPTERS}
    if customer_id is None:
        return which.page_id is None or bool(pages)
    return customer_id in owned.of(pages)


def _narrow(which: ContactFilter) -> str | None:
    """A list that is shorter than that of all who could be seen, if there is one."""
    if which.stale:
        return f"{LISTED}stale"
    return None if which.kind is None or which.identity is not None else f"{LISTED}kind:{which.kind}"


def _filters(which: ContactFilter, request: PageRequest) -> tuple[Any, ...]:
    stale = "" if which.stale is None else int(which.stale)
    named = (which.platform or "", which.identity or "", which.kind or "", stale)
    return (request.limit, _LOOKED_AT, *named, folded(which.name or ""))


def _in_order(places: Iterable[Place], request: PageRequest) -> list[Place]:
    """Each contact once: at its last place in the list, as the next page begins behind that."""
    found: dict[str, int] = {}
    for place, contact_id in sorted(places, reverse=not request.ascending):
        found[contact_id] = place
    return sorted(((place, name) for name, place in found.items()), reverse=not request.ascending)


def _is_between(key: int, begin: str, end: str) -> bool:
    """What an index finds may be on an earlier page."""
    bound = float(begin.removeprefix("("))
    if begin.startswith("("):
        return key > bound if end == "+inf" else key < bound
    return key >= bound if end == "+inf" else key <= bound
