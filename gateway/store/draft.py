"""An event about to be stored: what it does to its conversation, and its bytes with its place in them."""

from collections.abc import Callable

from msgspec import Struct

from adapters._identifiers import conversation_id
from adapters.base import Decoded
from adapters.event import Event, Placement, place
from gateway.store.keys import message_key
from gateway.store.placement import SAMPLE, is_numbered, new_message_id, opening_identity, window
from gateway.store.standing import Conversation, Standing


class Draft(Struct, frozen=True, gc=False):
    """An event about to be stored."""

    event: Event
    body: bytes
    received_at: int
    customer_ids: tuple[str, ...]
    standing: Standing
    origin: Decoded | None = None
    """What it was decoded from; None for an event that the store derives."""

    def name(self) -> str:
        """What it is listed as."""
        return SAMPLE if self.origin is None and self.event.test else self.event.event


def advance(draft: Draft, conversation: Conversation) -> int | None:
    """Let the conversation take the event in. Returns the message that it knows from now on."""
    if is_numbered(draft.event.event):
        conversation.sequence += 1
    if draft.origin is not None and draft.origin.opens_window:
        acted_at = min(draft.event.timestamp_ms, draft.received_at)
        conversation.last_inbound_at = max(acted_at, conversation.last_inbound_at or 0)
    message_id = new_message_id(draft.event)
    return None if message_id is None else message_key(draft.standing.page, message_id)


def placed(draft: Draft) -> bytes:
    """The bytes that are delivered; the conversation has taken the event in already."""
    return place(draft.body, _placement(draft))


def free_id(decoded: Decoded, is_taken: Callable[[str], bool]) -> str:
    """The id that a conversation gets of its first identity; a later generation where that is taken."""
    event = decoded.event
    kind, value = opening_identity(decoded)
    generation = 0
    while True:
        identifier = conversation_id(event.platform, event.page_id, kind, value, generation)
        if not is_taken(identifier):
            return identifier
        generation += 1


def _placement(draft: Draft) -> Placement:
    conversation = draft.standing.conversation
    if conversation is None:
        return Placement(received_at_ms=draft.received_at)
    numbered = is_numbered(draft.event.event)
    return Placement(
        conversation_id=conversation.id,
        sequence=conversation.sequence if numbered else None,
        received_at_ms=draft.received_at,
        contact=draft.standing.contact,
        window=window(draft.event, conversation.last_inbound_at) if numbered else None,
    )
