"""Events and deliveries as a shard keeps them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from adapters.event import Contact, Event
from gateway.store.keys import message_key, period, remembered_as
from gateway.store.placement import is_numbered, new_message_id
from gateway.store.redis.events.deliveries import BEHIND, DEAD, DELIVERED, TRIED, UNTRIED
from gateway.store.redis.intake.entries import NOBODY
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.attempts import attempt_text
from gateway.store.redis.layout.blobs import Head, StoredBody, as_text
from gateway.store.redis.layout.form import NATIVE, form_word
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.records.conversations import message_cell
from gateway.store.redis.records.memory import rank_cell
from gateway.store.redis.records.view import Cell
from gateway.store.transfer.events import DeliveryRecord, EventRecord

_STAGES = {"untried": UNTRIED, "tried": TRIED, "behind": BEHIND, "delivered": DELIVERED, "dead": DEAD}
_pages = Pages()
_decoder = msgspec.json.Decoder(Event)


class _Told(Struct):
    """What the store has written into an event."""

    contact: Contact | None = None


_told = msgspec.json.Decoder(_Told)


class Placed:
    """An event of another store, and where it goes in this one."""

    def __init__(self, record: EventRecord, key: int, shards: Shards) -> None:
        self._record = record
        self._key = key
        self._event = _decoder.decode(record.body)
        self.shard = shards.of(record.platform, self._scope())

    def packed(self) -> list[Any]:
        """As the script takes it."""
        one, conversation = self._record, self._record.conversation_id or ""
        head = Head(
            customer_ids=one.customer_ids,
            conversation_id=conversation,
            numbered=bool(conversation) and is_numbered(one.name),
            revision=one.revision,
            superseded=bool(one.superseded_by),
            has_element=one.envelope is not None,
            emptied=one.content == "removed",
        )
        start, end = one.element or (None, None)
        content = StoredBody(one.id, one.received_at, one.body, one.envelope, start, end, one.superseded_by)
        return [
            str(self._key),
            f"{one.name} {one.platform} {one.page_id}",
            one.customer_ids or (NOBODY,),
            conversation,
            as_text(blobs.packed(head, content)),
            [part for each in one.deliveries for part in (each.endpoint_id, _delivery(each, conversation))],
            [part for each in one.deliveries for part in _attempts(each)],
        ]

    def entries(self) -> list[Any]:
        """The lists that it is in because its content goes early."""
        return ["emptying", str(self._key), self._key] if self._record.content == "leaving" else []

    def memories(self) -> Iterator[Any]:
        """What is remembered because of it: its id, its message, how far messages have come."""
        age = period(self._record.received_at)
        yield from ("seen", age, remembered_as(self._record.id), str(self._key))
        page = _pages.page(self._record.platform, self._record.page_id)
        for cell, value in self._cells(page):
            yield from (cell[0], age, cell[1], value)

    def _cells(self, page: int) -> Iterator[tuple[Cell, str]]:
        conversation, message_id = self._record.conversation_id, new_message_id(self._event)
        if conversation is not None and message_id is not None:
            yield message_cell(conversation, message_key(page, message_id)), "1"
        status = self._event.status
        if status is not None and status.rank is not None:
            for one in status.message_ids:
                yield rank_cell(message_key(page, one)), str(status.rank)

    def _scope(self) -> str:
        event = self._event
        if event.platform != "whatsapp":
            return event.page_id
        contact = _told.decode(self._record.body).contact
        known = contact.identities if contact is not None else ()
        return event.waba_id or (known[0].scope if known else "") or event.page_id


def _delivery(one: DeliveryRecord, conversation: str) -> list[Any]:
    line = one.in_line and conversation
    form = form_word(one.format, include_raw=one.include_raw)
    return [
        _STAGES[one.state],
        one.due_at if one.due_at is not None else False,
        one.claim,
        one.tries,
        one.first_failed_at if one.first_failed_at is not None else False,
        one.replay,
        one.created_at,
        line or False,
        len(one.attempts),
        one.finished_at if one.finished_at is not None else False,
        form != NATIVE and form,
    ]


def _attempts(one: DeliveryRecord) -> Iterator[str]:
    for claim, attempt in one.attempts:
        yield from (f"{one.endpoint_id} {claim}", attempt_text(attempt))
