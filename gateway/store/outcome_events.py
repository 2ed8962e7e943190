"""The events that follow from what became of an outgoing message. Pure; all stores make them with these.

Their ids come from our own id of the message, so whichever of answer, echo and status comes first makes the
event, and the others find it made.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from adapters._identifiers import event_id
from adapters.base import Decoded, Identity, Person
from adapters.event import VERSION, Event, encode
from adapters.message import Message as EventMessage
from adapters.message import ReplyTo
from adapters.outgoing import Recipient
from adapters.parts import Consent, Outgoing
from adapters.sending import SendError, Sent
from gateway.store.outgoing import Message, Progress
from gateway.store.progress import SENT, sent_ids
from gateway.store.records import Arrival, Route

OPTED_OUT = "contact.opted_out"
_PAGE_KINDS = {"facebook": "page", "instagram": "ig_account", "whatsapp": "phone_number_id"}
_NO_ENVELOPE = b""
_FACTS = ("code", "retryable", "platform_code", "subcode", "trace_id", "status", "title", "detail")


class Occasion(Struct, frozen=True, kw_only=True):
    """When and by what a message was moved, and where the events go that follow."""

    at: int
    routes: Mapping[str, tuple[Route, ...]]
    sent: Sent | None = None


def arrivals(message: Message, progress: Progress, name: str, occasion: Occasion) -> Iterator[Arrival]:
    """The event `name` of a message, and what its error says of the person."""
    # What failed makes nobody known: perhaps there is no such person.
    known = name == SENT or message.identity is not None
    person = addressee(message, occasion.sent) if known else None
    yield _arrival(message, _outcome(message, progress, name, occasion.at), person, occasion)
    error = progress.error
    if error is not None and error.code == "opted_out" and name != SENT:
        consent = Consent(state="opted_out", source="send_error")
        yield _arrival(message, _event(message, OPTED_OUT, occasion.at, consent=consent), person, occasion)


def addressee(message: Message, sent: Sent | None = None) -> Person | None:
    """Whom it was for. After a private reply only the answer knows."""
    if message.identity is not None:
        return Person(identities=(message.identity,))
    identity = _identity(message, message.to, sent)
    return None if identity is None else tied(Person(identities=(identity,)), message)


def tied(person: Person, message: Message) -> Person:
    """A private reply went to whoever wrote the comment, so both ids are one person's."""
    if message.commenter is None:
        return person
    return replace(person, identities=(*person.identities, message.commenter))


def _identity(message: Message, to: Recipient, sent: Sent | None) -> Identity | None:
    if message.platform != "whatsapp":
        kind = "psid" if message.platform == "facebook" else "igsid"
        value = to.value if to.kind == kind else (sent.recipient_id if sent is not None else None)
        return None if value is None else Identity(kind, value, message.page_id)
    if message.waba_id is None or to.kind == "group":
        return None
    if to.kind == "bsuid":
        return Identity("bsuid", to.value, message.waba_id)
    digits = to.value if to.kind == "wa_id" else (sent.wa_id if sent is not None else None)
    return None if digits is None else Identity("wa_id", digits.removeprefix("+"), message.waba_id)


def _outcome(message: Message, progress: Progress, name: str, at: int) -> Event:
    content = message.content
    said = EventMessage(
        id=progress.parts[0].message_id if progress.parts else None,
        type=str(content.get("type")),
        body=_text(content.get("body")) or _text(content.get("caption")),
        attachments=(),
        reply_to=None if message.reply_to is None else ReplyTo(id=message.reply_to),
    )
    state = {"message.sent": "sent", "message.send_failed": "failed"}.get(name, "unknown")
    error = None if progress.error is None or name == SENT else _shown(progress.error)
    outgoing = Outgoing(
        id=message.id,
        state=state,
        error=error,
        tag=message.tag,
        message_ids=sent_ids(progress),
        parts=max(len(progress.parts), 1),
    )
    return _event(message, name, at, message=said, outgoing=outgoing)


def _event(about: Message, name: str, at: int, **parts: Any) -> Event:
    return Event(
        id=event_id(about.platform, about.page_id, name, about.id),
        version=VERSION,
        platform=about.platform,
        event=name,
        timestamp=at // 1_000,
        timestamp_ms=at,
        page_id=about.page_id,
        waba_id=about.waba_id,
        from_=about.page_id,
        to=about.to.value,
        from_kind=_PAGE_KINDS.get(about.platform, "page"),
        to_kind=about.to.kind,
        direction="outbound",
        origin="gateway",
        **parts,
    )


def _arrival(message: Message, event: Event, person: Person | None, occasion: Occasion) -> Arrival:
    thread = message.to.value if message.to.kind == "group" else None
    decoded = Decoded(event=event, envelope=_NO_ENVELOPE, element=(0, 0), person=person, thread=thread)
    return Arrival(
        decoded=decoded,
        body=encode(event),
        received_at=occasion.at,
        customer_ids=(message.customer_id,),
        routes=occasion.routes.get(event.event, ()),
        started_routes=occasion.routes.get("conversation.started", ()),
    )


def _shown(error: SendError) -> dict[str, Any]:
    """The error as customers see it."""
    facts = {name: getattr(error, name) for name in _FACTS}
    return {name: value for name, value in facts.items() if value is not None}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
