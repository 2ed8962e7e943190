"""`POST /{phone_number_id}/messages`: messages, read receipts and the typing indicator of WhatsApp.

Meta, "WhatsApp Cloud API: Messages".
"""

from typing import Any

from msgspec import Struct

from gateway.simulator.clock import DAY
from gateway.simulator.graph import (
    addresses_whatsapp,
    aftermath,
    content_whatsapp,
    errors,
    groups_whatsapp,
    templates,
)
from gateway.simulator.graph.addresses_whatsapp import Address
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node
from gateway.simulator.numbers import Number, Template
from gateway.simulator.people import Person
from gateway.simulator.threads import Message
from gateway.simulator.windows import is_open

REACTION_MS = READ_MS = 30 * DAY
OPAQUE = 512
UNDELIVERABLE = 131026
REENGAGEMENT = 131047
STOPPED = 131050
BLOCKED = 130403
IDENTITY_CHANGED = 137000


class Draft(Struct, frozen=True, kw_only=True):
    """A message that passes every check of its form."""

    number: Number
    address: Address
    body: dict[str, Any]
    template: Template | None

    @property
    def person(self) -> Person | None:
        """Who will get it, if anybody."""
        return self.address.person


async def send(call: Call, node: Node) -> dict[str, Any]:
    """A message, or the note that one was read."""
    call.needs("whatsapp_business_messaging")
    if call.text("messaging_product") != "whatsapp":
        raise errors.whatsapp(100, "The parameter messaging_product is required and must be whatsapp.")
    number: Number = node.object
    if call.text("status") == "read":
        return _read(call, number)
    if call.text("recipient_type") == "group":
        return groups_whatsapp.send(call, number)
    draft = _draft(call, number)
    _limits(call, draft)
    error = _recipient_error(call, draft)
    if error and call.meta.manner.recipient_errors != "webhook":
        if call.meta.manner.recipient_errors == "both":
            _accept(call, draft, error)
        raise errors.whatsapp(error)
    return _answer(draft, _accept(call, draft, error))


def _draft(call: Call, number: Number) -> Draft:
    body = dict(call.params)
    address = addresses_whatsapp.find(call, number)
    opaque = call.text("biz_opaque_callback_data")
    if len(opaque) > OPAQUE:
        raise errors.whatsapp(131009, f"biz_opaque_callback_data is longer than {OPAQUE} characters.")
    body.setdefault("type", "text")
    content_whatsapp.check(call, number, body)
    _target(call, number, body)
    template = templates.find(call, number.waba, body["template"]) if body["type"] == "template" else None
    return Draft(number=number, address=address, body=body, template=template)


def _target(call: Call, number: Number, body: dict[str, Any]) -> None:
    """A reaction is to a message of this number that is no older than thirty days."""
    if body["type"] != "reaction":
        return
    found = call.meta.threads.message(str(body["reaction"].get("message_id", "")))
    if not found or found[0].asset != number.id or call.now_ms - found[1].at_ms >= REACTION_MS:
        raise errors.whatsapp(131009, "The message_id of the reaction is not valid.")


def _limits(call: Call, draft: Draft) -> None:
    limits, key = call.meta.limits, draft.address.input
    if not limits.number_message(draft.number, call.now_ms):
        raise errors.whatsapp(130429, "Message failed to send because there were too many messages.")
    if not limits.pair_message(draft.number, draft.person.key if draft.person else key, call.now_ms):
        raise errors.whatsapp(131056, "Too many messages to this recipient in a short time.")


def _recipient_error(call: Call, draft: Draft) -> int:
    """What the person's side has against it; 0: nothing."""
    person = draft.person
    if person is None:
        return 0
    if person.key in draft.number.blocked:
        return BLOCKED
    if call.text("recipient_identity_key_hash") not in ("", person.identity):
        return IDENTITY_CHANGED
    if draft.template is None:
        thread = call.meta.threads.of(draft.number, person)
        return 0 if is_open(thread.last_inbound_ms, call.now_ms) else REENGAGEMENT
    if draft.template.category == "MARKETING" and draft.number.id in person.stopped:
        return STOPPED
    return 0


def _accept(call: Call, draft: Draft, error: int) -> str:
    """Take it in; the person has it, unless there is an error or nobody there."""
    message = Message(
        id=call.meta.chance.wamid(draft.address.peer, outbound=True),
        at_ms=call.now_ms,
        outbound=True,
        content=draft.body | templates.buttons(draft.template, draft.body),
        sent_by=call.token().app,
        tag=call.text("biz_opaque_callback_data") or None,
    )
    if draft.person and not error:
        _deliver(call, draft, draft.person, message)
    elif someone := draft.person or draft.address.nobody:
        code = error or UNDELIVERABLE
        call.news.append(aftermath.failure(call.meta, draft.number, someone, message, code))
    return message.id


def _deliver(call: Call, draft: Draft, person: Person, message: Message) -> None:
    """Who has blocked the number is not told apart: their phone just never gets it."""
    if draft.number.id not in person.blocks:
        call.meta.threads.of(draft.number, person).messages.append(message)
    category = draft.template.category.lower() if draft.template else "service"
    call.news += aftermath.of_whatsapp(call.meta, draft.number, person, message, category)


def _answer(draft: Draft, id: str) -> dict[str, Any]:
    status = {"message_status": "accepted"} if draft.template else {}
    return {
        "messaging_product": "whatsapp",
        "contacts": [draft.address.contact],
        "messages": [{"id": id} | status],
    }


def _read(call: Call, number: Number) -> dict[str, Any]:
    """Marks this message of a person, and all before it, as read; may show that an answer is typed."""
    found = call.meta.threads.message(str(call.required("message_id")))
    if not found or found[0].asset != number.id or found[1].outbound:
        raise errors.whatsapp(131009, "The message_id is not valid.")
    thread, message = found
    if call.now_ms - message.at_ms >= READ_MS:
        raise errors.whatsapp(131009, "The message is older than 30 days.")
    thread.read_ms = message.at_ms
    thread.typing = "typing_indicator" in call.params
    return {"success": True}
