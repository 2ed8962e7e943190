"""`messaging_handovers` and `standby`: which app holds the thread."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, item, opening
from gateway.simulator.webhooks.messenger import messages, receipts
from gateway.simulator.webhooks.scene import Scene


def handover(scene: Scene, **event: Any) -> Element:
    """Control of the thread changes, or somebody asks for it."""
    field = "messaging_handover" if scene.asset.platform == "instagram" else "messaging_handovers"
    return item(scene, field, **event)


def control_passed(scene: Scene) -> Element:
    """The thread was given to this app; the former owner is null where nobody held it."""
    passed = {
        "previous_owner_app_id": scene.given.get("previous"),
        "new_owner_app_id": scene.say("new", scene.app_id),
        "metadata": scene.say("metadata", "bot is done"),
    }
    return handover(scene, pass_thread_control=passed)


def control_taken(scene: Scene) -> Element:
    """The thread was taken from this app; Meta writes the new owner as a number."""
    taken = {
        "previous_owner_app_id": scene.say("previous", scene.app_id),
        "new_owner_app_id": int(scene.say("new", "263902037430900")),
        "metadata": scene.say("metadata", "a human takes over"),
    }
    return handover(scene, take_thread_control=taken)


def control_requested(scene: Scene) -> Element:
    """Another app asks for the thread."""
    wanted = {
        "requested_owner_app_id": int(scene.say("requested", "263902037430900")),
        "metadata": scene.say("metadata", "wants to help"),
    }
    return handover(scene, request_thread_control=wanted)


def app_roles(scene: Scene) -> Element:
    """The roles of an app have changed; there is no sender."""
    made = handover(scene, app_roles={scene.app_id: ["primary_receiver"]})
    del made.body["sender"]
    return made


def on_standby(made: Element) -> Element:
    """The copy for an app that does not hold the thread; a postback then keeps its payload to itself."""
    body = dict(made.body)
    if "postback" in body:
        body["postback"] = {key: value for key, value in body["postback"].items() if key != "payload"}
    return Element(field="standby", container="standby", body=body)


def standby_text(scene: Scene) -> Element:
    """A message while another app holds the thread."""
    return on_standby(messages.text(scene))


def standby_read(scene: Scene) -> Element:
    """A receipt while another app holds the thread."""
    return on_standby(receipts.read(scene))


_PASSES = (
    family("pass_thread_control", control_passed=control_passed)
    | family("take_thread_control", control_taken=control_taken)
    | family("request_thread_control", control_requested=control_requested)
)
SHARED = _PASSES | opening("standby", standby_text=standby_text)
KINDS = SHARED | family("app_roles", app_roles=app_roles) | family("standby", standby_read=standby_read)
