"""Meta's business agent: who holds the thread, and what goes by while it does."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp import statuses
from gateway.simulator.webhooks.whatsapp.messages import framed
from gateway.simulator.webhooks.whatsapp.value import change, contact, of_number


def _handover(scene: Scene, kind: str, **control: Any) -> Element:
    """Without `metadata`: the number stands under `recipient`."""
    number = {"phone_number_id": scene.number.id, "display_phone_number": scene.number.display}
    sender = {} if scene.person.hides_phone else {"phone_number": scene.person.phone}
    value = {
        "messaging_product": "whatsapp",
        "recipient": number,
        "sender": sender,
        "timestamp": scene.seconds,
        "type": kind,
        kind: control,
    }
    return change("messaging_handovers", value, timed=False)


def control_passed(scene: Scene) -> Element:
    """The agent hands the person over, with a summary."""
    summary = {"type": "summary", "summary": {"text": scene.say("text", "Wants a refund.")}}
    roles = {"previous_owner_role": "ai_agent", "new_owner_role": "escalation"}
    return _handover(scene, "control_passed", **roles, conversation_context=summary)


def control_taken(scene: Scene) -> Element:
    """Somebody else answers now."""
    roles = {"previous_owner_role": "customer_service", "new_owner_role": "ai_agent"}
    return _handover(scene, "control_taken", **roles)


def standby_text(scene: Scene) -> Element:
    """What the person writes while the agent holds the thread: one level deeper than usual."""
    made = framed(scene, "text", text={"body": scene.say("text", "Where is my order?")})
    return of_number(scene, "standby", standby={"contacts": [contact(scene)], "messages": [made]})


def standby_echo(scene: Scene) -> Element:
    """What the agent answers: the request that it sent, under `message`."""
    request = {
        "messaging_product": "whatsapp",
        "to": scene.person.phone,
        "type": "text",
        "text": {"body": scene.say("text", "It arrives tomorrow.")},
    }
    made = {"id": scene.new_id(outbound=True), "timestamp": scene.seconds, "message": request}
    return of_number(scene, "standby", standby={"message_echoes": [made]})


def standby_status(scene: Scene) -> Element:
    """A status of what the agent sent."""
    seen = statuses.delivered(scene).body["value"]
    inner = {"contacts": seen["contacts"], "statuses": seen["statuses"]}
    return of_number(scene, "standby", standby=inner)


KINDS = (
    family("handover", control_passed=control_passed, control_taken=control_taken)
    | opening("standby", standby_text=standby_text)
    | family("standby", standby_echo=standby_echo, standby_status=standby_status)
)
