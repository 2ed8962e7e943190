"""Writing an event: its id, its place, its bytes as they will be delivered, who may see it."""

import sqlite3

from msgspec import Struct

from adapters.base import Decoded
from gateway.store.draft import Draft, advance, placed
from gateway.store.placement import is_numbered
from gateway.store.sqlite.layout.bulk import Inserts
from gateway.store.sqlite.layout.keys import TimeKeys
from gateway.store.sqlite.layout.registry import NOBODY, Registry
from gateway.store.sqlite.records.conversations import Conversations
from gateway.store.sqlite.records.seen import Seen

_COLUMNS = (
    "key, id, name, page, conversation, received_at, customers, body, envelope, element_start, element_end"
)


class Written(Struct, frozen=True):
    """An event as it is stored now."""

    key: int
    id: str
    body: bytes
    created_at: int
    line: int | None
    """The conversation in whose order it is delivered."""
    conversation_id: str | None
    message: int | None
    """The message that it makes known."""


class Events:
    """Writes events. Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, seen: Seen, conversations: Conversations, registry: Registry
    ) -> None:
        self._events = Inserts(connection, "events", _COLUMNS)
        self._listings = Inserts(connection, "listings", "customer, event, name, page")
        self._keys = TimeKeys(connection, "events")
        self._seen = seen
        self._conversations = conversations
        self._registry = registry

    def flush(self) -> None:
        """Write what was held back."""
        self._events.flush()
        self._listings.flush()

    def forget(self) -> None:
        """Drop what was held back."""
        self._events.drop()
        self._listings.drop()

    def write(self, draft: Draft, *, held: bool = False) -> Written:
        """Give the event its key and its place and store it. `held`: its id is remembered already."""
        key = self._keys.next(draft.received_at)
        conversation = draft.standing.conversation
        line = message = conversation_id = None
        if conversation is not None:
            conversation_id = conversation.id
            line = conversation.key if is_numbered(draft.event.event) else None
            message = advance(draft, conversation)
            self._conversations.advanced(conversation, key, message)
        body = placed(draft)
        self._store(key, draft, body)
        remember = self._seen.stored if held else self._seen.remember
        remember(draft.event.id, key, draft.received_at)
        return Written(key, draft.event.id, body, draft.received_at, line, conversation_id, message)

    def _store(self, key: int, draft: Draft, body: bytes) -> None:
        event, standing, origin = draft.event, draft.standing, draft.origin
        conversation = None if standing.conversation is None else standing.conversation.key
        about = (key, event.id, draft.name(), standing.page, conversation, draft.received_at)
        self._events.add((*about, " ".join(draft.customer_ids), body, *_kept(origin)))
        for customer in self._customers(draft.customer_ids):
            self._listings.add((customer, key, draft.name(), standing.page))

    def _customers(self, customer_ids: tuple[str, ...]) -> list[int]:
        found = (self._registry.customer(customer_id) for customer_id in customer_ids)
        return [customer for customer in found if customer is not None] or [NOBODY]


def _kept(origin: Decoded | None) -> tuple[bytes | None, int | None, int | None]:
    """The envelope, and where the element is in it; its place stays where the customer wants no envelope."""
    if origin is None or not origin.element[1]:
        # What the gateway itself has to say was not decoded from anything.
        return None, None, None
    return origin.envelope or None, *origin.element
