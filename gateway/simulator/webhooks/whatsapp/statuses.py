"""`statuses[]`: what became of a message that the business sent, and `errors` that belong to no message."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, contact, of_number

ERRORS = {
    130472: "User's number is part of an experiment",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131049: "Meta chose not to deliver",
    131050: "User has stopped marketing messages",
    131053: "Media upload error",
}


def status(scene: Scene, state: str, **more: Any) -> Element:
    """A message has come so far. Failed ones name no contact."""
    phone = {} if scene.person.hides_phone else {"recipient_id": scene.person.phone}
    made = {"id": scene.about(), "status": state, "timestamp": scene.seconds, **phone}
    if tag := scene.given.get("tag"):
        made["biz_opaque_callback_data"] = tag
    if scene.number.checks_identity:
        made["recipient_identity_key_hash"] = scene.person.identity
    if state == "failed":
        return of_number(scene, "messages", statuses=[made | more])
    made["recipient_user_id"] = bsuid(scene)
    return of_number(scene, "messages", contacts=[contact(scene)], statuses=[made | more])


def in_group(scenes: list[Scene], state: str) -> Element:
    """How far a message to a group (`group_id`) is, of each of these people."""
    return of_number(
        scenes[0],
        "messages",
        contacts=[contact(scene) for scene in scenes],
        statuses=[_of_participant(scene, state) for scene in scenes],
    )


def _of_participant(scene: Scene, state: str) -> dict[str, Any]:
    phone = {} if scene.person.hides_phone else {"recipient_participant_id": scene.person.phone}
    tag = {"biz_opaque_callback_data": scene.given["tag"]} if scene.given.get("tag") else {}
    group = {"recipient_id": scene.say("group_id", ""), "recipient_type": "group"}
    who = {**phone, "recipient_participant_user_id": bsuid(scene)}
    return {"id": scene.about(), "status": state, "timestamp": scene.seconds, **group, **who, **tag}


def _priced(scene: Scene) -> dict[str, Any]:
    category = scene.say("category", "service")
    kind = "free_customer_service" if category == "service" else "regular"
    billable = kind == "regular"
    return {"billable": billable, "pricing_model": "PMP", "type": kind, "category": category}


def sent(scene: Scene) -> Element:
    """It has left Meta."""
    return status(scene, "sent", pricing=_priced(scene))


def delivered(scene: Scene) -> Element:
    """It is on the device."""
    return status(scene, "delivered", pricing=_priced(scene))


def read(scene: Scene) -> Element:
    """It was displayed."""
    return status(scene, "read")


def played(scene: Scene) -> Element:
    """The voice message was listened to."""
    return status(scene, "played")


def failed(scene: Scene) -> Element:
    """It will not arrive; `code` says why."""
    return status(scene, "failed", errors=[_error(scene)])


def _error(scene: Scene) -> dict[str, Any]:
    code = int(scene.say("code", 131026))
    title = ERRORS.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": scene.say("details", title)},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    }


def errors(scene: Scene) -> Element:
    """Trouble of the number or the app as a whole."""
    error = {"code": 130429, "title": "Rate limit hit", "message": "Rate limit hit"}
    return of_number(scene, "messages", errors=[error | {"error_data": {"details": "Too many messages"}}])


KINDS = family("status", sent=sent, delivered=delivered, read=read, played=played, failed=failed) | family(
    "errors", errors=errors
)
