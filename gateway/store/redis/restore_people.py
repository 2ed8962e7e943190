"""People as the records of a shard."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from adapters.base import Identity
from gateway.store.keys import message_key
from gateway.store.redis.contact_row import ContactRow, contact_cell, identity_cell
from gateway.store.redis.conversations import conversation_cell, group_cell
from gateway.store.redis.memory import held_cell
from gateway.store.redis.pages import Pages
from gateway.store.redis.shards import Shards, scope_of
from gateway.store.redis.view import Cell
from gateway.store.transfer import ContactRecord, ConversationRecord, HeldRecord, IdentityRecord

Writes = dict[int, list[tuple[Cell, str]]]
"""By shard: records and what they will be."""
_OF_AN_APP = "asid"
"""An identity whose scope is no page and no account, so that it says nothing of a shard."""
_pages = Pages()


def contact_writes(shards: Shards, record: ContactRecord) -> Writes:
    """A contact in each shard that knows one of its conversations or identities."""
    writes: Writes = defaultdict(list)
    conversations: dict[int, list[ConversationRecord]] = defaultdict(list)
    for one in record.conversations:
        conversations[shards.of(one.platform, _scope(one, record.identities))].append(one)
    told = {shards.of(one.platform, one.scope) for one in record.identities if one.kind != _OF_AN_APP}
    for shard in sorted(told | set(conversations)):
        writes[shard] += _contact(record, conversations[shard])
    return writes


def group_writes(shards: Shards, record: ConversationRecord) -> Writes:
    """A conversation with a group."""
    page = _pages.page(record.platform, record.page_id)
    named = (group_cell(page, record.thread or ""), record.id)
    return {shards.of(record.platform, _scope(record, ())): [_conversation(record), named]}


def held_writes(shards: Shards, record: HeldRecord) -> tuple[int, str, int, str]:
    """In which shard and under which name an arrival waits, until when, and the arrival."""
    event = record.arrival.decoded.event
    shard = shards.of(event.platform, scope_of(record.arrival))
    message = message_key(_pages.page(event.platform, event.page_id), record.arrival.decoded.target or "")
    return shard, held_cell(message)[1], record.release_at, msgspec.json.encode(record.arrival).decode()


def _contact(record: ContactRecord, conversations: Iterable[ConversationRecord]) -> list[tuple[Cell, str]]:
    found = list(conversations)
    row = ContactRow(
        record.id,
        record.name,
        record.username,
        record.created_at,
        [(one.kind, one.value, one.scope, one.former) for one in record.identities],
        {str(_pages.page(one.platform, one.page_id)): one.id for one in found},
    )
    cells = [
        identity_cell(one.platform, Identity(one.kind, one.value, one.scope)) for one in record.identities
    ]
    return [
        (contact_cell(record.key), msgspec.json.encode(row).decode()),
        *((cell, str(record.key)) for cell in cells),
        *(_conversation(one) for one in found),
    ]


def _conversation(one: ConversationRecord) -> tuple[Cell, str]:
    row = (one.key, one.started, one.sequence, one.last_inbound_at, one.ended, one.watermarks)
    return conversation_cell(one.id), msgspec.json.encode(row).decode()


def _scope(one: ConversationRecord, identities: tuple[IdentityRecord, ...]) -> str:
    if one.platform != "whatsapp" or one.waba_id is not None:
        return one.waba_id if one.platform == "whatsapp" and one.waba_id else one.page_id
    return identities[0].scope if identities else one.page_id
