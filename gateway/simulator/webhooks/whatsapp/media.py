"""`messages[]` that carry a file: an id that works for seven days, an address that works for five minutes."""

from typing import Any

from gateway.simulator.webhooks.element import Element, opening
from gateway.simulator.webhooks.scene import Scene
from gateway.simulator.webhooks.whatsapp.messages import message

NOT_FETCHED = 131052


def _file(scene: Scene, kind: str, mime_type: str, **more: Any) -> Element:
    medium = scene.medium(scene.say("mime_type", mime_type))
    address = scene.shelf.address(medium, scene.base_url, scene.now_ms)
    named = {"mime_type": medium.mime_type, "sha256": medium.sha256_base64, "id": medium.id, "url": address}
    caption = {"caption": scene.given["caption"]} if "caption" in scene.given else {}
    return message(scene, kind, **{kind: named | caption | more})


def image(scene: Scene) -> Element:
    """A picture."""
    return _file(scene, "image", "image/png")


def video(scene: Scene) -> Element:
    """A film."""
    return _file(scene, "video", "video/mp4")


def audio(scene: Scene) -> Element:
    """A sound file."""
    return _file(scene, "audio", "audio/mpeg", voice=False)


def voice(scene: Scene) -> Element:
    """A voice note; its type has a parameter."""
    return _file(scene, "audio", "audio/ogg; codecs=opus", voice=True)


def document(scene: Scene) -> Element:
    """A document."""
    return _file(scene, "document", "application/pdf", filename=scene.say("filename", "order.pdf"))


def sticker(scene: Scene) -> Element:
    """A sticker."""
    return _file(scene, "sticker", "image/webp", animated=bool(scene.say("animated", False)))


def lost_image(scene: Scene) -> Element:
    """A picture that Meta could not fetch from the sender."""
    title = "Media download error"
    error = {"code": NOT_FETCHED, "title": title, "message": title, "error_data": {"details": title}}
    return message(scene, "image", errors=[error])


KINDS = opening(
    "message",
    image=image,
    video=video,
    audio=audio,
    voice=voice,
    document=document,
    sticker=sticker,
    lost_image=lost_image,
)
