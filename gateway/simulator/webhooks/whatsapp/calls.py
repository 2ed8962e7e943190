"""`calls`: the person rings, or hangs up."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import contact, of_number, sender


def _call(scene: Scene, event: str, **more: Any) -> Element:
    stamp = {"id": scene.say("call_id", f"wacid.{scene.chance.text(32)}"), "event": event}
    ends = {"to": scene.number.display, "timestamp": scene.seconds, "direction": "USER_INITIATED"}
    made = stamp | sender(scene) | ends | more
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


def call_ringing(scene: Scene) -> Element:
    """A call by the business rings: a status of type `call`."""
    made = {
        "id": scene.say("call_id", f"wacid.{scene.chance.text(32)}"),
        "type": "call",
        "status": "RINGING",
        "timestamp": scene.seconds,
        "recipient_id": scene.person.phone,
    }
    return of_number(scene, "calls", statuses=[made])


KINDS = opening("call", call=call) | family("call", call_ended=call_ended, call_ringing=call_ringing)
