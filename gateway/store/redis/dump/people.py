"""Contacts and conversations of all shards as records for another store."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.store.redis.central.owners import Owners, Page
from gateway.store.redis.contacts.parts import Part, Person
from gateway.store.redis.contacts.reads import ContactReads
from gateway.store.redis.dump.person import aliases, consents, conversation, identities
from gateway.store.redis.dump.records import Place, Records
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.positions import place_of, position
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.contact_row import contact_cell, page_cell, read_row
from gateway.store.redis.records.conversations import conversation_cell, read_talk
from gateway.store.transfer.people import ContactRecord, ConversationRecord

_FIELDS, _LAST = shard_script("layout/fields"), shard_script("dump/last")
_Talks = list[tuple[int, ConversationRecord]]
"""Conversations with their shards."""


class _Body(Struct):
    waba_id: str | None = None


class People:
    """Goes through all shards by the age of contacts; one that several shards know comes once."""

    def __init__(self, shards: Shards, reads: ContactReads, owners: Owners) -> None:
        self._shards = shards
        self._owners = owners
        self._reads = reads
        self._contacts: list[int] | None = None

    async def total(self) -> int:
        """How many contacts there are; one that several shards know counts for each of them."""
        return len(await self._places())

    async def contacts(self, after: str, limit: int) -> tuple[list[ContactRecord], str, bool]:
        """The next people, the oldest first; where to go on, and whether there are more."""
        places = await self._places()
        start = bisect_right(places, int(after or -1))
        chosen = places[start : start + limit]
        if not chosen:
            return [], after, False
        records = await self._records()
        people = await self._people(records, [place_of(place) for place in chosen])
        await records.fetch(place for person in people for place in _further(person, self._shards))
        found = [_contact(person, records) for person in people]
        return await self._complete(found, people), str(chosen[-1]), start + limit < len(places)

    async def groups(self) -> list[ConversationRecord]:
        """Conversations with groups, all at once: there are few of them."""
        found: _Talks = []
        for shard, names in enumerate(await self._shards.everywhere(_FIELDS, "groups", repeatable=True)):
            records = await self._records()
            cells = [("groups", name.decode()) for name in names]
            pages = [page_cell(name.partition("\n")[0]) for _, name in cells]
            await records.fetch((shard, cell) for cell in (*cells, *pages))
            talks = [conversation_cell(records.get(shard, cell)) for cell in cells]
            await records.fetch((shard, cell) for cell in talks)
            for (_, name), (_, identifier) in zip(cells, talks, strict=True):
                number, _, thread = name.partition("\n")
                talk = read_talk(identifier, records.get(shard, conversation_cell(identifier)))
                page = records.page(shard, number)
                found.append((shard, conversation(talk, page, thread, ())))
        wabas = await self._wabas(found)
        whole = [replace(one, waba_id=wabas[one.id]) for _, one in found]
        return sorted(whole, key=lambda one: (one.key, one.id))

    async def _records(self) -> Records:
        """Connected pages have names too, for what is older than the shards' own names of pages."""
        return Records(self._shards, (await self._owners.read()).pages)

    async def _places(self) -> list[int]:
        if self._contacts is None:
            names = await self._shards.everywhere(_FIELDS, "contacts", repeatable=True)
            self._contacts = sorted(
                position(int(key), shard) for shard, keys in enumerate(names) for key in keys
            )
        return self._contacts

    async def _people(self, records: Records, places: Sequence[tuple[int, int]]) -> list[Person]:
        """Those whose oldest record is at one of these places, by key and shard."""
        await records.fetch((shard, contact_cell(key)) for key, shard in places)
        ids = [read_row(records.get(shard, contact_cell(key))).id for key, shard in places]
        found = await self._reads.find(ids)
        named = zip(places, (found[one] for one in ids), strict=True)
        return [person for place, person in named if place == _oldest(person.parts)]

    async def _complete(self, found: list[ContactRecord], people: list[Person]) -> list[ContactRecord]:
        """With the WhatsApp accounts of their conversations."""
        shards = {name: part.shard for one in people for part in one.parts for name in part.talks}
        wabas = await self._wabas([(shards[talk.id], talk) for one in found for talk in one.conversations])
        return [
            replace(
                one, conversations=tuple(replace(talk, waba_id=wabas[talk.id]) for talk in one.conversations)
            )
            for one in found
        ]

    async def _wabas(self, talks: _Talks) -> dict[str, str | None]:
        """The WhatsApp account of each conversation, as its last event says."""
        wabas: dict[str, str | None] = {one.id: None for _, one in talks}
        for shard in {shard for shard, _ in talks}:
            ids = [one.id for its, one in talks if its == shard]
            events = await self._shards.run(shard, _LAST, *ids, repeatable=True)
            wabas |= {name: _waba(event) for name, event in zip(ids, events, strict=True) if event}
        return wabas


def _further(person: Person, shards: Shards) -> Iterable[Place]:
    """Records that say more of a person: what has ended, pages from group chats, who is somebody else."""
    for part in person.parts:
        for talk in part.talks.values():
            yield from ((part.shard, conversation_cell(ended)) for ended in talk.ended)
        if part.row.rare is not None:
            yield from ((part.shard, page_cell(page)) for page in part.row.rare.met)
            yield from ((shard, contact_cell(key)) for key in part.row.rare.apart for shard in shards.numbers)


def _contact(person: Person, records: Records) -> ContactRecord:
    rows = [part.row for part in person.parts]
    talks = [talk for part in person.parts for talk in _conversations(part, records)]
    return ContactRecord(
        key=person.key,
        id=person.row.id,
        name=next((row.name for row in rows if row.name is not None), None),
        username=next((row.username for row in rows if row.username is not None), None),
        created_at=person.row.created_at,
        identities=tuple(identities(person)),
        conversations=tuple(sorted(talks, key=lambda talk: talk.key)),
        aliases=aliases(person),
        met=tuple(sorted({page for part in person.parts for page in _met(part, records)})),
        consents=consents(person),
        apart=_apart(person, records),
    )


def _conversations(part: Part, records: Records) -> Iterable[ConversationRecord]:
    for number, identifier in part.row.conversations.items():
        talk = part.talks[identifier]
        page = part.pages.get(number) or records.page(part.shard, number)
        ended = [read_talk(one, records.get(part.shard, conversation_cell(one))) for one in talk.ended]
        yield conversation(talk, page, None, ended)


def _met(part: Part, records: Records) -> Iterable[Page]:
    for number in part.row.rare.met if part.row.rare else ():
        yield records.page(part.shard, number)


def _apart(person: Person, records: Records) -> tuple[str, ...]:
    """Older contacts that are somebody else."""
    keys = {key for part in person.parts if part.row.rare for key in part.row.rare.apart}
    others = (records.with_name(contact_cell(key)) for key in keys if key <= person.key)
    rows = [read_row(text) for texts in others for text in texts]
    return tuple(sorted({row.id for row in rows if row.rare and person.key in row.rare.apart}))


def _oldest(parts: Sequence[Part]) -> tuple[int, int]:
    return min((part.key, part.shard) for part in parts)


def _waba(event: bytes) -> str | None:
    return msgspec.json.decode(blobs.unpacked(event).content.body, type=_Body).waba_id
