"""Events that follow from another one: a conversation began, a person's identities changed. Pure."""

from typing import Any

from adapters._identifiers import event_id
from adapters.event import VERSION, Contact, Event, patch
from adapters.message import Target
from adapters.parts import ConversationStart, IdentityChange

CONVERSATION_STARTED = "conversation.started"
IDENTITY_CHANGED = "contact.identity_changed"
IDENTITY_SUSPECTED = "contact.identity_suspected"


def conversation_started(cause: Event, conversation_id: str) -> Event:
    """The event just before the first message, postback or referral of a conversation."""
    started_by = ConversationStart(started_by="contact" if cause.direction == "inbound" else "business")
    return _derive(cause, CONVERSATION_STARTED, (conversation_id,), conversation=started_by)


def foreshadowed(cause: Event, name: str) -> Event:
    """What `cause` would bring about, as far as that can be said before the store has seen it."""
    if name == CONVERSATION_STARTED:
        return conversation_started(cause, "")
    change = "linked" if name == IDENTITY_CHANGED else "suspected"
    return _derive(cause, name, (), identity=IdentityChange(change=change))


def identity_changed(
    cause: Event, joined: Contact, current: Contact, previous_conversation_id: str | None
) -> Event:
    """The platform paired the identities of two known contacts: they go on as the older one."""
    change = IdentityChange(
        change="linked",
        previous=joined.identities,
        current=current.identities,
        previous_conversation_id=previous_conversation_id,
        details={"previous_contact_id": joined.id},
    )
    return _derive(cause, IDENTITY_CHANGED, _both(joined, current), identity=change)


def identity_suspected(
    cause: Event, suspect: Contact, current: Contact, previous_conversation_id: str | None
) -> Event:
    """An identity of `suspect` came with somebody else: the same person perhaps. Nothing is merged."""
    change = IdentityChange(
        change="suspected",
        previous=suspect.identities,
        current=current.identities,
        previous_conversation_id=previous_conversation_id,
        details={"previous_contact_id": suspect.id},
    )
    return _derive(cause, IDENTITY_SUSPECTED, _both(suspect, current), identity=change)


def with_target(event: Event, body: bytes, message_id: str, known: bool) -> bytes:
    """An edit, deletion or reaction that says whether the gateway has seen the message it is about."""
    part = "message" if event.reaction is None else "reaction"
    target = Target(message_id=message_id, known=known)
    return patch(body, part, {"target": target})


def _derive(cause: Event, name: str, sources: tuple[str, ...], **part: Any) -> Event:
    return Event(
        id=event_id(cause.platform, cause.page_id, name, *sources),
        version=VERSION,
        platform=cause.platform,
        event=name,
        timestamp=cause.timestamp,
        timestamp_ms=cause.timestamp_ms,
        page_id=cause.page_id,
        waba_id=cause.waba_id,
        from_=cause.from_,
        to=cause.to,
        from_kind=cause.from_kind,
        to_kind=cause.to_kind,
        direction=cause.direction,
        origin=cause.origin,
        standby=cause.standby,
        backfilled=cause.backfilled,
        **part,
    )


def _both(one: Contact, other: Contact) -> tuple[str, ...]:
    """What the id is made of: two people are the same two, whichever of them comes first."""
    first, second = sorted([_names(one), _names(other)])
    return (*first, *second)


def _names(contact: Contact) -> list[str]:
    return [text for one in contact.identities for text in (one.kind, one.scope, one.value)]
