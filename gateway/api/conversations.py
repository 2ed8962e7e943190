"""Conversations: with whom, and what may be sent there now."""

from typing import Literal

from msgspec import Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.event import Contact
from adapters.window import can_send
from gateway.api.answers import answer
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, shown
from gateway.api.problems import not_found
from gateway.store.outgoing import ConversationFilter, StoredConversation


class CanSendNow(Struct, frozen=True, kw_only=True):
    """What may be sent. Times are Unix seconds."""

    state: Literal["open", "human_agent", "closed", "unknown"]
    """`unknown`: the person has not written since the gateway was connected; the platform decides."""
    free_form_until: int | None
    human_agent_until: int | None
    """Until when a human may answer; null where the platform has no such thing."""
    template_only: bool


class Conversation(Struct, frozen=True, kw_only=True):
    """A page and a person, or a page and a group."""

    id: str
    platform: str
    page_id: str
    contact: Contact | None
    group_id: str | None
    sequence: int
    """Of its last event."""
    last_inbound_at: int | None
    """When the person last did something that opens the window."""
    can_send: CanSendNow


class ConversationQuery(ListQuery, frozen=True, kw_only=True):
    """Which conversations."""

    platform: str | None = None
    page_id: str | None = None


async def list_conversations(call: Call[ConversationQuery]) -> Response:
    """List conversations, those first that began last."""
    query, now = call.given, call.services.clock()
    which = ConversationFilter(platform=query.platform, page_id=query.page_id)
    page = await call.sending.outbox.conversations(call.customer_id, which, query.page())
    return answer(shown(page, lambda one: _show(one, now)))


async def get_conversation(call: Call[Query]) -> Response:
    """Show one conversation, and what may be sent in it now."""
    found = await call.sending.outbox.conversation(call.customer_id, call.path["id"])
    if found is None:
        raise not_found("conversation", call.path["id"])
    return answer(_show(found, call.services.clock()))


def _show(stored: StoredConversation, now: int) -> Conversation:
    last = None if stored.last_inbound_at is None else stored.last_inbound_at // 1000
    possible = can_send(ADAPTERS[stored.platform].WINDOW, last, now // 1000)
    return Conversation(
        id=stored.id,
        platform=stored.platform,
        page_id=stored.page_id,
        contact=stored.contact,
        group_id=stored.group_id,
        sequence=stored.sequence,
        last_inbound_at=last,
        can_send=CanSendNow(
            state=possible.state,
            free_form_until=possible.free_form_until,
            human_agent_until=possible.human_agent_until,
            template_only=possible.template_only,
        ),
    )


OPERATIONS = (
    Operation(
        "GET",
        "/v1/conversations",
        list_conversations,
        {200: Listing[Conversation]},
        query=ConversationQuery,
    ),
    Operation(
        "GET",
        "/v1/conversations/{id}",
        get_conversation,
        {200: Conversation},
    ),
)
