"""Who answers in a conversation: Meta's own agent, another app, or the business again.

`messaging_handovers`: a value without arrays and without `metadata`, `{"recipient":{"phone_number_id"},
"sender":{"phone_number"?},"type":"control_passed"|"control_taken","timestamp",
"<type>":{"previous_owner_role","new_owner_role",…,"conversation_context"?}}`. Meta, "Standby webhook".
"""

from typing import Any

from msgspec import structs

from adapters._values import mapping, text, with_text_ids
from adapters._wire import parse
from adapters.base import Decoded
from adapters.parts import Thread
from adapters.whatsapp.element import UNKNOWN, Element, Fact, decoded, unknown
from adapters.whatsapp.frame import inbound
from adapters.whatsapp.person import Party, party

_EVENTS = {
    "control_passed": ("thread.control_changed", "passed"),
    "control_taken": ("thread.control_changed", "taken"),
    "control_requested": ("thread.control_requested", "requested"),
}


def read(element: Element) -> Decoded:
    """A change of the field `messaging_handovers`; it stands in the person's conversation."""
    value: Any = parse(element.raw).get("value")
    if not isinstance(value, dict):
        return unknown(element)
    header = inbound(element.frame, _person(value.get("sender")), (), value.get("timestamp"))
    return decoded(element, structs.replace(header, direction=None, origin="platform"), _fact(value))


def _person(sender: Any) -> Party:
    given = mapping(sender)
    return party(*(text(given.get(key)) for key in ("phone_number", "user_id", "parent_user_id")))


def _fact(value: dict[str, Any]) -> Fact:
    kind = text(value.get("type")) or ""
    if kind not in _EVENTS:
        return UNKNOWN
    event, action = _EVENTS[kind]
    return Fact(event, {"thread": _thread(action, mapping(value.get(kind)))})


def _thread(action: str, body: dict[str, Any]) -> Thread:
    """An owner is named by the app's id, or by its role where Meta gives no id."""
    return Thread(
        action=action,
        previous_owner=text(body.get("previous_owner_app_id")) or text(body.get("previous_owner_role")),
        new_owner=text(body.get("new_owner_app_id")) or text(body.get("new_owner_role")),
        metadata=text(body.get("metadata")),
        details=with_text_ids(body) or None,
    )
