"""People of another store as the records of a shard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct, field

from adapters.base import Identity
from gateway.contacts.resolution import GIVEN
from gateway.store.keys import message_key
from gateway.store.redis.intake.admission import INDEXED
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards, scope_of
from gateway.store.redis.records.consents import Said
from gateway.store.redis.records.contact_row import (
    ContactRow,
    ProfileRow,
    Rare,
    Stale,
    consents_cell,
    contact_cell,
    identity_cell,
    looks_of,
    name_cell,
    name_mark,
    page_cell,
    picture_cell,
    profile_cell,
)
from gateway.store.redis.records.conversations import Parties, conversation_cell, group_cell, parties_cell
from gateway.store.redis.records.memory import held_cell
from gateway.store.redis.records.view import Cell
from gateway.store.transfer.events import HeldRecord
from gateway.store.transfer.people import (
    ContactRecord,
    ConversationRecord,
    EndedRecord,
    IdentityRecord,
    ProfileRecord,
)

_pages = Pages()
_encoder = msgspec.json.Encoder()


class Writes(Struct):
    """What becomes of a shard's records, and the sorted sets that lead to them."""

    cells: list[tuple[Cell, str]] = field(default_factory=list)
    entries: dict[Cell, int] = field(default_factory=dict)


class Part(Struct, frozen=True):
    """What one shard is to know of a contact."""

    shard: int
    record: ContactRecord
    conversations: tuple[ConversationRecord, ...]
    own: tuple[IdentityRecord, ...]
    """Those whose scope is here: what is known of them is kept nowhere else."""
    spread: bool
    """Other shards know the contact too."""

    def writes(self, key: int) -> Writes:
        """Under this key, but for who is somebody else: their keys are not known yet."""
        text = self._row().packed()
        cells = [(contact_cell(key), text), *self._names(key), *self._told()]
        return _indexed([*cells, *_talks(self.conversations, key)])

    def _row(self) -> ContactRow:
        one = self.record
        held = [(each.kind, each.value, each.scope, each.former) for each in one.identities]
        talks = {str(_page(talk)): talk.id for talk in self.conversations}
        met = [str(_pages.page(*page)) for page in one.met]
        rare = Rare(stale=_stale(self.own), met=met, aliases=list(one.aliases), spread=self.spread)
        about = (one.id, one.name, one.username, one.created_at)
        return ContactRow(*about, held, talks, one.identities[0].platform if one.identities else "", rare)

    def _names(self, key: int) -> Iterable[tuple[Cell, str]]:
        """What leads to the contact."""
        for name in (self.record.id, *self.record.aliases):
            yield name_cell(name), str(key)
        for one in self.record.identities:
            if one.kind not in GIVEN:
                yield identity_cell(one.platform, _identity(one)), str(key)
        said: list[Said] = [
            (one.page_id, one.topic, one.state, one.source, one.at, one.expires_at)
            for one in self.record.consents
        ]
        if said:
            yield consents_cell(key), _encoder.encode(said).decode()

    def _told(self) -> Iterable[tuple[Cell, str]]:
        """Profiles, and the names of pages."""
        for one in self.own:
            if one.profile is not None:
                yield profile_cell(one.platform, _identity(one)), _profile(one.profile)
                if one.profile.name is not None and one.profile.picture is not None:
                    cell = picture_cell(one.platform, one.scope, one.profile.picture)
                    yield cell, name_mark(one.profile.name)
        for platform, page_id in self.record.met:
            yield page_cell(_pages.page(platform, page_id)), f"{platform}\n{page_id}"


def parts_of(shards: Shards, record: ContactRecord) -> list[Part]:
    """A contact in each shard that knows one of its conversations or identities."""
    conversations: dict[int, list[ConversationRecord]] = defaultdict(list)
    for one in record.conversations:
        conversations[shards.of(one.platform, _scope(one, record.identities))].append(one)
    own: dict[int, list[IdentityRecord]] = defaultdict(list)
    for each in record.identities:
        own[shards.of(each.platform, each.scope)].append(each)
    told = {shard for shard, names in own.items() if any(one.kind not in GIVEN for one in names)}
    places = sorted({*told, *conversations} or {0})
    return [
        Part(shard, record, tuple(conversations[shard]), tuple(own[shard]), len(places) > 1)
        for shard in places
    ]


def group_writes(shards: Shards, record: ConversationRecord) -> tuple[int, Writes]:
    """A conversation with a group, and its shard."""
    named = (group_cell(_page(record), record.thread or ""), record.id)
    thread = record.thread or ""
    return shards.of(record.platform, _scope(record, ())), _indexed([*_talks((record,), thread), named])


def held_writes(shards: Shards, record: HeldRecord) -> tuple[int, str, int, str]:
    """In which shard and under which name an arrival waits, until when, and the arrival."""
    event = record.arrival.decoded.event
    shard = shards.of(event.platform, scope_of(record.arrival))
    message = message_key(_pages.page(event.platform, event.page_id), record.arrival.decoded.target or "")
    return shard, held_cell(message)[1], record.release_at, _encoder.encode(record.arrival).decode()


def _indexed(cells: list[tuple[Cell, str]]) -> Writes:
    """Records with the sorted sets that follow from them."""
    writes = Writes(cells)
    for (place, name), value in cells:
        if place in INDEXED:
            writes.entries |= INDEXED[place](name, value)
    return writes


def _talks(records: Iterable[ConversationRecord], partner: int | str) -> Iterable[tuple[Cell, str]]:
    """Conversations with one partner, those that have ended in them, and the names of their pages."""
    for one in records:
        page = _page(one)
        yield page_cell(page), f"{one.platform}\n{one.page_id}"
        yield conversation_cell(one.id), _talk(one, [each.id for each in one.ended], one.watermarks)
        yield parties_cell(one.id), Parties(one.key, page, partner).encoded()
        for ended in one.ended:
            yield conversation_cell(ended.id), _talk(ended, [], {})
            yield parties_cell(ended.id), Parties(ended.key, page, partner, goes_on=False).encoded()


def _talk(one: ConversationRecord | EndedRecord, ended: list[str], watermarks: dict[str, int]) -> str:
    row = (one.key, one.started, one.sequence, one.last_inbound_at, ended, watermarks)
    return _encoder.encode(row).decode()


def _stale(identities: Iterable[IdentityRecord]) -> dict[str, Stale]:
    found: dict[str, Stale] = {}
    for one in identities:
        if one.stale is not None:
            profile = "" if one.profile is None else _profile(one.profile)
            looks = looks_of(one.platform, _identity(one), profile)
            found[identity_cell(one.platform, _identity(one))[1]] = (*one.stale, looks)
    return found


def _profile(one: ProfileRecord) -> str:
    row = ProfileRow(one.fetched_at, one.fresh_until, one.fields, one.missing, (one.name, one.picture))
    return _encoder.encode(row).decode()


def _identity(one: IdentityRecord) -> Identity:
    return Identity(one.kind, one.value, one.scope)


def _page(one: ConversationRecord) -> int:
    return _pages.page(one.platform, one.page_id)


def _scope(one: ConversationRecord, identities: Sequence[IdentityRecord]) -> str:
    if one.platform != "whatsapp":
        return one.page_id
    return one.waba_id or (identities[0].scope if identities else one.page_id)
