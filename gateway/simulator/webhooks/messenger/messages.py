"""`messages`: what a person sends. Meta, "messages Webhook Event Reference"."""

from typing import Any

from gateway.simulator.webhooks.element import Element, item, opening
from gateway.simulator.webhooks.scene import Scene

LIKE = 369239263222822


def message(scene: Scene, **content: Any) -> Element:
    """A message of any content."""
    return item(scene, "messages", message={"mid": scene.new_id()} | content)


def _file(scene: Scene, kind: str, mime_type: str) -> Element:
    attachment = {"type": kind, "payload": {"url": scene.file_url(mime_type)}}
    text = scene.given.get("text")
    words = {"text": text} if text else {}
    return message(scene, **words, attachments=[attachment])


def text(scene: Scene) -> Element:
    """Words; `reply_to` quotes a message."""
    reply = scene.given.get("reply_to")
    quoted = {"reply_to": {"mid": reply}} if reply else {}
    return message(scene, text=scene.say("text", "Do you have this in blue?"), **quoted)


def image(scene: Scene) -> Element:
    """A picture."""
    return _file(scene, "image", "image/png")


def video(scene: Scene) -> Element:
    """A film."""
    return _file(scene, "video", "video/mp4")


def audio(scene: Scene) -> Element:
    """A voice clip."""
    return _file(scene, "audio", "audio/mp4")


def file(scene: Scene) -> Element:
    """Any other file."""
    return _file(scene, "file", "application/pdf")


def sticker(scene: Scene) -> Element:
    """A sticker; during Meta's transition it came as an image as well, which `transition` brings back."""
    payload = {"url": scene.file_url("image/png"), "sticker_id": scene.say("sticker_id", LIKE)}
    kinds = ("sticker", "image") if scene.say("transition", False) else ("sticker",)
    return message(scene, attachments=[{"type": kind, "payload": payload} for kind in kinds])


def location(scene: Scene) -> Element:
    """A place, in the form of older clients."""
    coordinates = {"lat": scene.say("latitude", 48.2082), "long": scene.say("longitude", 16.3738)}
    return message(scene, attachments=[{"type": "location", "payload": {"coordinates": coordinates}}])


def link(scene: Scene) -> Element:
    """A shared link: a `fallback`."""
    payload = {"url": scene.say("url", "https://example.com/kettle"), "title": scene.say("title", "A kettle")}
    words = scene.say("text", payload["url"])
    return message(scene, text=words, attachments=[{"type": "fallback", "payload": payload}])


def empty_link(scene: Scene) -> Element:
    """A share that the API cannot show: a `fallback` without payload."""
    return message(scene, attachments=[{"type": "fallback"}])


def _shared(scene: Scene, kind: str, key: str) -> Element:
    payload = {
        "url": scene.file_url("video/mp4"),
        "title": scene.say("title", "Look at this"),
        key: int(scene.chance.digits(16)),
    }
    return message(scene, attachments=[{"type": kind, "payload": payload}])


def reel(scene: Scene) -> Element:
    """A Facebook reel."""
    return _shared(scene, "reel", "reel_video_id")


def ig_reel(scene: Scene) -> Element:
    """An Instagram reel."""
    return _shared(scene, "ig_reel", "reel_video_id")


def post(scene: Scene) -> Element:
    """A Facebook post."""
    return _shared(scene, "post", "id")


def ig_post(scene: Scene) -> Element:
    """An Instagram post."""
    return _shared(scene, "ig_post", "id")


def appointment(scene: Scene) -> Element:
    """A booking; its times are in seconds."""
    start = scene.now_ms // 1_000 + 86_400
    payload = {
        "booking_id": int(scene.chance.digits(9)),
        "status": scene.say("status", "requested"),
        "start_time": start,
        "end_time": start + 1_800,
        "timezone": "Europe/Vienna",
    }
    return message(scene, attachments=[{"type": "appointment_booking", "payload": payload}])


def product(scene: Scene) -> Element:
    """A product of the shop, shared as a template."""
    shown = {
        "id": scene.chance.digits(16),
        "retailer_id": scene.say("retailer_id", "KETTLE-7"),
        "image_url": scene.file_url("image/png"),
        "title": scene.say("title", "Blue kettle"),
        "subtitle": "39,00 €",
    }
    payload = {"product": {"elements": [shown]}}
    return message(scene, attachments=[{"type": "template", "payload": payload}])


def about_product(scene: Scene) -> Element:
    """A message that was begun from a product in the shop."""
    return message(
        scene,
        text=scene.say("text", "Is this one still there?"),
        referral={"product": {"id": scene.say("product_id", scene.chance.digits(16))}},
    )


def from_ad(scene: Scene) -> Element:
    """A message that was begun from an ad that opens Messenger."""
    return message(scene, text=scene.say("text", "Tell me more"), referral=ad_referral(scene))


def ad_referral(scene: Scene) -> dict[str, Any]:
    """The ad that somebody came from."""
    context = {"ad_title": "Kettles for everybody", "photo_url": scene.file_url("image/png")}
    return {
        "ref": scene.say("ref", "summer"),
        "ad_id": scene.say("ad_id", scene.chance.digits(16)),
        "source": "ADS",
        "type": "OPEN_THREAD",
        "ads_context_data": context | {"post_id": scene.chance.digits(16)},
    }


def quick_reply(scene: Scene) -> Element:
    """The tap on a quick reply: its title as text, its payload beside it."""
    payload = {"payload": scene.say("payload", "YES")}
    return message(scene, text=scene.say("text", "Yes"), quick_reply=payload)


def guest(scene: Scene) -> Element:
    """A guest of the chat plugin, who has no PSID."""
    made = text(scene)
    return Element(
        field=made.field,
        container=made.container,
        body=made.body | {"sender": {"user_ref": scene.say("user_ref", "guest-41")}},
    )


SHARED = opening(
    "message",
    text=text,
    image=image,
    video=video,
    audio=audio,
    ig_reel=ig_reel,
    ig_post=ig_post,
    quick_reply=quick_reply,
    about_product=about_product,
    from_ad=from_ad,
)
KINDS = SHARED | opening(
    "message",
    file=file,
    sticker=sticker,
    location=location,
    link=link,
    empty_link=empty_link,
    reel=reel,
    post=post,
    appointment=appointment,
    product=product,
    guest=guest,
)
