"""What became of a message: sent, delivered, read, played, failed.

Meta, "Status messages webhook reference". The order is not guaranteed, `delivered` is left out where
`read` says it too, and states that Meta does not list arrive all the same. The state of a payment
(`type: "payment"`) says nothing of the message that asked for it, so it is never one of those.
"""

from typing import Any

from adapters._values import mapping, text, with_text_ids
from adapters._wire import load
from adapters.base import Decoded
from adapters.parts import Status
from adapters.whatsapp import call, wire
from adapters.whatsapp.element import Element, Fact, decoded
from adapters.whatsapp.error import error
from adapters.whatsapp.frame import Frame, Header
from adapters.whatsapp.person import Address, Party, party, person

_RANKS = {"sent": 1, "delivered": 2, "read": 3, "played": 4}
_STATES = frozenset({*_RANKS, "failed", "deleted"})


def read(element: Element) -> Decoded:
    """An item of `statuses`. A repeated state of one message, for one participant, is a duplicate."""
    item = load(wire.Status, element.raw)
    header = _header(element.frame, item)
    if item.type == "call":
        return decoded(element, header, call.status(element))
    return decoded(element, header, fact(item, element.frame))


def fact(item: wire.Status, frame: Frame) -> Fact:
    """The state of a message, or of a payment that a message asked for."""
    return Fact("status.update", {"status": _status(item, frame)})


def _header(frame: Frame, item: wire.Status) -> Header:
    group = item.recipient_id if item.recipient_type == "group" else None
    who = _participant(item) if group else recipient(item)
    contact = frame.contacts.of(who)
    known = who.completed(contact.party) if contact else who
    return Header(
        ids=ids(item),
        time=item.timestamp,
        sender=known.address() or (Address(group, "group") if group else None),
        receiver=frame.page,
        direction="inbound",
        origin="platform",
        person=person(known, contact, frame.scope),
        contact=contact,
        thread=group,
    )


def ids(item: wire.Status) -> tuple[str, ...]:
    """What makes it the same status: message, state, participant."""
    if not item.id:
        return ()
    participant = item.recipient_participant_user_id or item.recipient_participant_id
    ids = (item.id, item.status or "", participant or "")
    return (*ids, item.type, _transaction(item.payment)) if item.type else ids


def _transaction(payment: Any) -> str:
    """Which of several attempts to pay."""
    return text(mapping(mapping(payment).get("transaction")).get("id")) or ""


def recipient(item: wire.Status) -> Party:
    """The ids that the status gives of the person who got the message."""
    nested = item.message.recipient_id if item.message else None
    parent = item.recipient_parent_user_id or item.parent_recipient_user_id
    return party(item.recipient_id or nested, item.recipient_user_id, parent)


def _participant(item: wire.Status) -> Party:
    parent = item.recipient_participant_parent_user_id
    return party(item.recipient_participant_id, item.recipient_participant_user_id, parent)


def _status(item: wire.Status, frame: Frame) -> Status:
    given = item.status or ""
    state = given if given in _STATES and item.type != "payment" else "other"
    reasons = item.errors or frame.errors
    return Status(
        state=state,
        original_state=given or None,
        rank=_RANKS.get(state),
        message_ids=(item.id,) if item.id else (),
        error=error(reasons[0]) if reasons else None,
        pricing=_pricing(item),
        tag=item.biz_opaque_callback_data or None,
        details=with_text_ids(item.payment),
    )


def _pricing(item: wire.Status) -> Any:
    """What the message costs, with the conversation that older versions charged for."""
    if not item.conversation:
        return item.pricing
    return {**mapping(item.pricing), "conversation": with_text_ids(item.conversation)}
