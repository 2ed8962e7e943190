"""What is said about messages on their way out: the body that asks for one, and how one is shown."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from adapters.outgoing import OutgoingMessage, Recipient
from adapters.sending import SendError
from gateway.api.answers import seconds
from gateway.api.bodies import Input
from gateway.api.paging import ListQuery, Seconds
from gateway.send.composition import MessageTag, MessagingType, Sender
from gateway.store import outgoing
from gateway.store.progress import sent_ids

Identifier = Annotated[str, Meta(min_length=1, max_length=300)]


class NewMessage(Input, frozen=True, kw_only=True):
    """A message to send: to a recipient of a page, or into a conversation."""

    message: OutgoingMessage
    platform: str | None = None
    """Needed with `to`."""
    page_id: Identifier | None = None
    """Which page sends. Needed with `to`."""
    to: Identifier | Recipient | None = None
    """An id as events have it in `from`, or an object that says of which kind it is."""
    conversation_id: Identifier | None = None
    """Instead of `to`."""
    reply_to: Identifier | None = None
    """The platform's id of the message that this one answers."""
    tag: Annotated[str, Meta(max_length=200)] | None = None
    """A reference of your own; it comes back on the message and its events."""
    sender: Sender = "bot"
    """`human` where a person wrote it: allowed up to 7 days on Messenger and Instagram."""
    messaging_type: MessagingType | None = None
    """Messenger and Instagram; default `RESPONSE`."""
    message_tag: MessageTag | None = None
    """Messenger and Instagram: why a message may go out after 24 hours."""
    override: dict[str, Any] | None = None
    """Members of the platform's own JSON, merged into the request last."""
    customer_id: str | None = None
    """For the operator: whose page it is."""


class SendWarning(Struct, frozen=True, kw_only=True):
    """Something that the channel cannot express, and what became of it."""

    field: str
    detail: str


class SendFailure(Struct, frozen=True, kw_only=True):
    """Why a message was not sent, or why nobody knows."""

    code: str
    """`psid_invalid blocked_by_user opted_out outside_window account_mismatch rate_limited token_expired
    permission unsupported policy invalid temporary unknown`: the same words for all channels."""
    retryable: bool
    """Whether the same message can succeed later."""
    platform_code: int | None
    """Meta's own number …"""
    subcode: int | None
    """… and the one that narrows it."""
    trace_id: str | None
    """Meta's support asks for it."""
    title: str | None
    detail: str | None


class OutgoingMessageState(Struct, frozen=True, kw_only=True):
    """A message on its way out, and how far it has come."""

    id: str
    customer_id: str
    platform: str
    page_id: str
    to: Recipient
    conversation_id: str | None
    state: outgoing.MessageState
    """`queued` on its way. `sent`: taken by the platform. `delivered`. `read`. `failed` for good.
    `unknown`: it may have been sent, and is never repeated on a guess."""
    message: dict[str, Any]
    """As it was given."""
    reply_to: str | None
    tag: str | None
    message_ids: tuple[str, ...]
    """The platform's ids of what was sent, in their order. Beside `failed`: these parts went out."""
    parts: int
    """How many messages it is on the channel: a picture and its caption can be two."""
    warnings: tuple[SendWarning, ...]
    attempts: int
    """Failed so far."""
    error: SendFailure | None
    """Of the last attempt that failed."""
    created_at: int
    sent_at: int | None
    delivered_at: int | None
    read_at: int | None
    failed_at: int | None


class AcceptedMessage(Struct, frozen=True, kw_only=True):
    """The message is kept and will be sent."""

    id: str
    state: outgoing.MessageState
    warnings: tuple[SendWarning, ...]


class MessageQuery(ListQuery, frozen=True, kw_only=True):
    """Which messages."""

    conversation_id: str | None = None
    state: outgoing.MessageState | None = None
    platform: str | None = None
    page_id: str | None = None
    since: Seconds | None = None
    """Taken by the gateway at this moment (Unix seconds) or later."""
    until: Seconds | None = None
    """Taken by the gateway before this moment (Unix seconds)."""


def warnings_of(message: outgoing.Message) -> tuple[SendWarning, ...]:
    """As the API shows them."""
    return tuple(SendWarning(field=one.field, detail=one.detail) for one in message.warnings)


def show(stored: outgoing.StoredMessage) -> OutgoingMessageState:
    """As the API shows it."""
    message, progress = stored.message, stored.progress
    return OutgoingMessageState(
        id=message.id,
        customer_id=message.customer_id,
        platform=message.platform,
        page_id=message.page_id,
        to=message.to,
        conversation_id=stored.conversation_id,
        state=progress.state,
        message=message.content,
        reply_to=message.reply_to,
        tag=message.tag,
        message_ids=sent_ids(progress),
        parts=max(len(progress.parts), 1),
        warnings=warnings_of(message),
        attempts=progress.tried,
        error=None if progress.error is None else _failure(progress.error),
        created_at=seconds(message.created_at),
        sent_at=_seconds(progress.sent_at),
        delivered_at=_seconds(progress.delivered_at),
        read_at=_seconds(progress.read_at),
        failed_at=_seconds(progress.failed_at),
    )


def _failure(error: SendError) -> SendFailure:
    return SendFailure(
        code=error.code,
        retryable=error.retryable,
        platform_code=error.platform_code,
        subcode=error.subcode,
        trace_id=error.trace_id,
        title=error.title,
        detail=error.detail,
    )


def _seconds(moment: int | None) -> int | None:
    return None if moment is None else seconds(moment)
