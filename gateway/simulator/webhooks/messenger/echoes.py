"""`message_echoes`: what the business wrote, by whatever app. On Instagram they come under `messages`."""

from typing import Any

from gateway.simulator.webhooks.element import Element, family, page_item
from gateway.simulator.webhooks.scene import Scene


def echoed(scene: Scene, app_id: str | None, **content: Any) -> Element:
    """A message by the page; `app_id` is the app that sent it, a number as Meta writes it."""
    message: dict[str, Any] = {"mid": scene.new_id(outbound=True), "is_echo": True}
    if app_id:
        message["app_id"] = int(app_id)
    field = "messages" if scene.asset.platform == "instagram" else "message_echoes"
    return page_item(scene, field, message=message | content)


def echo(scene: Scene) -> Element:
    """Sent by the app itself, with the metadata it gave."""
    metadata = scene.given.get("metadata")
    tagged = {"metadata": metadata} if metadata else {}
    return echoed(scene, scene.app_id, text=scene.say("text", "Yes, it is back."), **tagged)


def inbox_echo(scene: Scene) -> Element:
    """Typed by a human in the inbox of the Page or of the Instagram account."""
    return echoed(scene, scene.page.inbox_app, text=scene.say("text", "Let me look that up."))


def template_echo(scene: Scene) -> Element:
    """A template that the app sent."""
    button = {"type": "postback", "title": "Buy", "payload": "BUY"}
    payload = {"template_type": "generic", "elements": [{"title": "Blue kettle", "buttons": [button]}]}
    return echoed(scene, scene.app_id, attachments=[{"type": "template", "payload": payload}])


KINDS = family("echo", echo=echo, inbox_echo=inbox_echo, template_echo=template_echo)
