"""Calls by the business: `calls` and `call_permissions` of a number.

Meta, "WhatsApp: Business-initiated calls". The person must have allowed it; whether they pick up is their own
business (`Person.picks_up`). SDP is passed on unread.
"""

from typing import Any

from gateway.simulator.clock import DAY
from gateway.simulator.graph import addresses_whatsapp, errors
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Number
from gateway.simulator.people import Person
from gateway.simulator.webhooks.element import Element
from gateway.simulator.webhooks.envelope import News
from gateway.simulator.webhooks.whatsapp import calls

NOT_PERMITTED = 138006
ALLOWED_FOR_MS = 7 * DAY
DONE = {"messaging_product": "whatsapp", "success": True}


async def act(call: Call, node: Node) -> dict[str, Any]:
    """`connect` rings; `pre_accept`, `accept`, `reject` and `terminate` are about a call that there is."""
    call.needs("whatsapp_business_messaging")
    number: Number = node.object
    action = call.text("action")
    if action == "connect":
        return _connect(call, number)
    if action not in ("pre_accept", "accept", "reject", "terminate"):
        raise errors.whatsapp(131009, f"The parameter action is not valid: {action}")
    person = call.meta.calls.get(str(call.required("call_id")))
    if person is None:
        raise errors.whatsapp(131009, "The parameter call_id is not valid.")
    if action in ("reject", "terminate"):
        _tell(call, number, person, call.text("call_id"), calls.call_ended)
        del call.meta.calls[call.text("call_id")]
    return DONE


def _connect(call: Call, number: Number) -> dict[str, Any]:
    if not isinstance(call.required("session"), dict):
        raise errors.whatsapp(131009, "The parameter session must be an object.")
    person = addresses_whatsapp.find(call, number).person
    if person is None or not _permitted(call, number, person):
        raise errors.whatsapp(NOT_PERMITTED, "No approved call permission from the recipient.")
    id = f"wacid.{call.meta.chance.text(32)}"
    _tell(call, number, person, id, calls.call_ringing)
    if person.picks_up:
        call.meta.calls[id] = person
        _tell(call, number, person, id, calls.call_accepted)
        _tell(call, number, person, id, calls.call_connected)
    else:
        _tell(call, number, person, id, calls.call_rejected)
    return DONE | {"calls": [{"id": id}]}


async def permissions(call: Call, node: Node) -> dict[str, Any]:
    """Whether the business may call somebody now, and until when."""
    call.needs("whatsapp_business_messaging")
    number: Number = node.object
    call.params["to"] = call.text("user_wa_id")
    person = addresses_whatsapp.find(call, number).person
    permitted = person is not None and _permitted(call, number, person)
    until = person.permits_calls.get(number.id, 0) // 1_000 if person and permitted else None
    status = {"status": "temporary", "expiration_time": until} if permitted else {"status": "no_permission"}
    action = {"action_name": "start_call", "can_perform_action": permitted}
    return {"messaging_product": "whatsapp", "permission": status, "actions": [action]}


def _permitted(call: Call, number: Number, person: Person) -> bool:
    return person.permits_calls.get(number.id, 0) > call.now_ms


def _tell(call: Call, number: Number, person: Person, id: str, build: Any) -> None:
    given = {"call_id": id, "direction": "BUSINESS_INITIATED"}
    element: Element = build(call.meta.scene(number, person, given))
    call.news.append(News(number, element))
