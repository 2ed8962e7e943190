"""`calls`: the person rings, or hangs up."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, contact, of_number, recipient, sender


def _call(scene: Scene, event: str, **more: Any) -> Element:
    stamp = {"id": scene.say("call_id", f"wacid.{scene.chance.text(32)}"), "event": event}
    direction = scene.say("direction", "USER_INITIATED")
    sides = sender(scene) | {"to": scene.number.display}
    if direction == "BUSINESS_INITIATED":
        sides = recipient(scene) | {"from": scene.number.display}
    made = stamp | sides | {"timestamp": scene.seconds, "direction": direction} | more
    return of_number(scene, "calls", contacts=[contact(scene)], calls=[made])


def call(scene: Scene) -> Element:
    """The person calls; this opens the window."""
    offer = {"sdp_type": "offer", "sdp": "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}
    return _call(scene, "connect", session=offer)


def call_ended(scene: Scene) -> Element:
    """It is over."""
    end = scene.now_ms // 1_000
    return _call(
        scene, "terminate", status="COMPLETED", start_time=str(end - 42), end_time=str(end), duration=42
    )


def call_connected(scene: Scene) -> Element:
    """A call by the business gets through: the person's side of the session."""
    reply = {"sdp_type": "answer", "sdp": "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}
    return _call(scene, "connect", session=reply)


def _status(scene: Scene, status: str) -> Element:
    """How a call by the business goes: a status of type `call`."""
    phone = {} if scene.person.hides_phone else {"recipient_id": scene.person.phone}
    made = {
        "id": scene.say("call_id", f"wacid.{scene.chance.text(32)}"),
        "type": "call",
        "status": status,
        "timestamp": scene.seconds,
        **phone,
        "recipient_user_id": bsuid(scene),
    }
    return of_number(scene, "calls", statuses=[made])


def call_ringing(scene: Scene) -> Element:
    """It rings."""
    return _status(scene, "RINGING")


def call_accepted(scene: Scene) -> Element:
    """The person picks up."""
    return _status(scene, "ACCEPTED")


def call_rejected(scene: Scene) -> Element:
    """The person does not."""
    return _status(scene, "REJECTED")


KINDS = opening("call", call=call) | family(
    "call",
    call_ended=call_ended,
    call_connected=call_connected,
    call_ringing=call_ringing,
    call_accepted=call_accepted,
    call_rejected=call_rejected,
)
