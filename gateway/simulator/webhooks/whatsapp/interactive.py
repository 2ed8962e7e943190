"""`messages[]` that answer something the business sent: buttons, lists, flows, permissions."""

import json
from typing import Any

from gateway.simulator.webhooks.element import Element, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.messages import message


def _answer(scene: Scene, kind: str, **content: Any) -> Element:
    """`context` names the message that is answered."""
    context = {"from": scene.number.display, "id": scene.about()}
    return message(scene, kind, context=context, **content)


def button(scene: Scene) -> Element:
    """The tap on a reply button."""
    tapped = {"id": scene.say("payload", "yes"), "title": scene.say("title", "Yes")}
    return _answer(scene, "interactive", interactive={"type": "button_reply", "button_reply": tapped})


def list_reply(scene: Scene) -> Element:
    """The choice of a row."""
    chosen = {"id": scene.say("payload", "express"), "title": scene.say("title", "Express")}
    if description := scene.given.get("description"):
        chosen["description"] = description
    return _answer(scene, "interactive", interactive={"type": "list_reply", "list_reply": chosen})


def template_button(scene: Scene) -> Element:
    """The tap on a quick reply of a template."""
    tapped = {"payload": scene.say("payload", "STOP"), "text": scene.say("title", "Stop promotions")}
    return _answer(scene, "button", button=tapped)


def flow(scene: Scene) -> Element:
    """A finished flow; what was filled in is JSON inside a string."""
    filled = {"flow_token": scene.say("flow_token", "unused"), "size": "L"}
    reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(filled)}
    return _answer(scene, "interactive", interactive={"type": "nfm_reply", "nfm_reply": reply})


def address(scene: Scene) -> Element:
    """A filled-in address."""
    filled = {"values": {"name": scene.person.name, "city": "Pune"}}
    reply = {"name": "address_message", "body": "Pune", "response_json": json.dumps(filled)}
    return _answer(scene, "interactive", interactive={"type": "nfm_reply", "nfm_reply": reply})


def call_permission(scene: Scene) -> Element:
    """The business may call, or may not."""
    response = scene.say("response", "accept")
    reply: dict[str, Any] = {"response": response, "response_source": "user_action"}
    if response == "accept":
        reply |= {"is_permanent": False, "expiration_timestamp": scene.now_ms // 1_000 + 7 * 86_400}
    made = {"type": "call_permission_reply", "call_permission_reply": reply}
    return _answer(scene, "interactive", interactive=made)


KINDS = opening(
    "message",
    button=button,
    list_reply=list_reply,
    template_button=template_button,
    flow=flow,
    address=address,
    call_permission=call_permission,
)
