"""A message to a group: `recipient_type` is `group`, `to` the group's id.

Meta, "Groups API": text, media and templates of these. Receipts tell how far it is with each who is in the
group, in one webhook per step. No page says which error a group gives that cannot be written to: here 131009.
"""

from typing import Any

from gateway.simulator.graph import content_whatsapp, errors, templates
from gateway.simulator.graph.call import Call
from gateway.simulator.groups import Group
from gateway.simulator.media import WHATSAPP_TYPES
from gateway.simulator.numbers import Number
from gateway.simulator.threads import Message
from gateway.simulator.webhooks.envelope import News
from gateway.simulator.webhooks.whatsapp import statuses

IN_GROUPS = frozenset({"text", "template", *WHATSAPP_TYPES})


def send(call: Call, number: Number) -> dict[str, Any]:
    """Take it in; everybody in the group has it. Raises GraphError."""
    group, body = _group(call, number), dict(call.params)
    body.setdefault("type", "text")
    if body["type"] not in IN_GROUPS:
        raise errors.whatsapp(131051, f"Message type {body['type']} is not supported in groups.")
    content_whatsapp.check(call, number, body)
    if body["type"] == "template":
        templates.find(call, number.waba, body["template"])
    if not call.meta.limits.number_message(number, call.now_ms):
        raise errors.whatsapp(130429, "Message failed to send because there were too many messages.")
    message = _accept(call, number, group, body)
    named = {"input": group.id, "wa_id": group.id}
    sent = {"id": message.id, "group_id": group.id}
    return {"messaging_product": "whatsapp", "contacts": [named], "messages": [sent]}


def _group(call: Call, number: Number) -> Group:
    group = call.meta.groups.get(call.text("to"))
    if group is None or group.number != number.id or group.suspended:
        raise errors.whatsapp(131009, "The parameter to is not a group of this number.")
    return group


def _accept(call: Call, number: Number, group: Group, body: dict[str, Any]) -> Message:
    message = Message(
        id=call.meta.chance.wamid(group.id, outbound=True),
        at_ms=call.now_ms,
        outbound=True,
        content=body,
        sent_by=call.token().app,
        tag=call.text("biz_opaque_callback_data") or None,
    )
    group.messages.append(message)
    for state in ("sent", "delivered", "read"):
        if state in call.meta.manner.receipts:
            call.news += _told(call, number, group, message, state)
    return message


def _told(call: Call, number: Number, group: Group, message: Message, state: str) -> list[News]:
    """One webhook with a status of each; nobody who does not show that they read."""
    people = [call.meta.people[key] for key in group.people]
    reached = [one for one in people if number.id not in one.blocks and (one.reads or state != "read")]
    given = {"target": message.id, "tag": message.tag, "group_id": group.id}
    scenes = [call.meta.scene(number, one, given) for one in reached]
    return [News(number, statuses.in_group(scenes, state))] if scenes else []
