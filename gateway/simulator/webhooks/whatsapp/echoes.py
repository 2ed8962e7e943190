"""`smb_message_echoes`: what was written in the WhatsApp Business app, on a coexistence number."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.value import of_number, recipient


def _echo(scene: Scene, kind: str, **content: Any) -> Element:
    stamp = {"id": scene.new_id(outbound=True), "timestamp": scene.seconds, "type": kind}
    made = {"from": scene.number.display} | recipient(scene) | stamp | content
    return of_number(scene, "smb_message_echoes", message_echoes=[made])


def echo(scene: Scene) -> Element:
    """A text by the business."""
    return _echo(scene, "text", text={"body": scene.say("text", "Let me look that up.")})


def echo_edit(scene: Scene) -> Element:
    """The business has corrected `target`."""
    content = {"type": "text", "text": {"body": scene.say("text", "We close at six.")}}
    return _echo(scene, "edit", edit={"original_message_id": scene.about(), "message": content})


def echo_revoke(scene: Scene) -> Element:
    """The business has deleted `target`."""
    return _echo(scene, "revoke", revoke={"original_message_id": scene.about()})


KINDS = family("echo", echo=echo, echo_edit=echo_edit, echo_revoke=echo_revoke)
