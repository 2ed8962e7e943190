"""`history` and `smb_app_state_sync`: what a number brings along from the WhatsApp Business app."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import bsuid, of_number

DECLINED = 2593109


def history(scene: Scene) -> Element:
    """A chunk of old conversations, files as placeholders."""
    earlier = scene.now_ms // 1_000 - 7 * 86_400
    question = _old(scene, earlier, "READ", type="text", text={"body": "Are you open on Sunday?"})
    photo = _old(scene, earlier + 60, "PLAYED", type="media_placeholder")
    thread = {"id": scene.person.phone, "messages": [question, photo]}
    return of_number(
        scene,
        "history",
        history=[{"metadata": {"phase": 0, "chunk_order": 1, "progress": 100}, "threads": [thread]}],
    )


def _old(scene: Scene, seconds: int, state: str, **content: Any) -> dict[str, Any]:
    stamp = {"from": scene.person.phone, "id": scene.new_id(), "timestamp": str(seconds)}
    return stamp | content | {"history_context": {"status": state}}


def history_declined(scene: Scene) -> Element:
    """The owner keeps the old conversations to themselves."""
    title = "History sync is turned off by the business from the WhatsApp Business App"
    error = {"code": DECLINED, "title": title, "message": title, "error_data": {"details": title}}
    return of_number(scene, "history", history=[{"errors": [error]}])


def _book(scene: Scene, action: str, contact: dict[str, str]) -> Element:
    entry = {
        "type": "contact",
        "contact": contact,
        "action": action,
        "metadata": {"timestamp": scene.seconds},
    }
    return of_number(scene, "smb_app_state_sync", state_sync=[entry])


def contact_added(scene: Scene) -> Element:
    """The person is in the address book now."""
    names = {"full_name": scene.person.name, "first_name": scene.person.first_name}
    return _book(scene, "add", names | {"phone_number": scene.person.phone, "user_id": bsuid(scene)})


def contact_removed(scene: Scene) -> Element:
    """The person is not in the address book any more."""
    return _book(scene, "remove", {"phone_number": scene.person.phone, "user_id": bsuid(scene)})


KINDS = family("history", history=history, history_declined=history_declined) | family(
    "state_sync", contact_added=contact_added, contact_removed=contact_removed
)
