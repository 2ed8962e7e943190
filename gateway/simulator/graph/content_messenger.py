"""What a message on Messenger or Instagram may be, and how long.

Meta, "Messenger Platform: Send messages", "Templates", "Quick replies"; "Instagram Messaging: Send messages".
"""

from collections.abc import Callable
from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.media import PIXEL, UPLOADED_LIFE_MS

MESSENGER_TEXT = 2_000
INSTAGRAM_TEXT_BYTES = 1_000
METADATA = 1_000
QUICK_REPLIES = 13
QUICK_REPLY_PAYLOAD = 1_000
BUTTON_TEXT = 640
BUTTONS = 3
ELEMENTS = 10
ELEMENT_TEXT = 80
IMAGES = 10
FILES = ("image", "audio", "video", "file")
ONLY_INSTAGRAM = ("like_heart", "MEDIA_SHARE")


def check(call: Call, content: dict[str, Any], *, sender: str, on_instagram: bool) -> None:
    """Refuse what Meta refuses. Raises GraphError."""
    if "text" in content:
        _text(content["text"], on_instagram=on_instagram)
    if len({"text", "attachment", "attachments"} & content.keys()) > 1:
        raise errors.messenger(100, message="Only one of text and attachment may be in a message.")
    _longest("message[metadata]", content.get("metadata"), METADATA)
    _quick_replies(content.get("quick_replies", []))
    attachments = content.get("attachments", [])
    if attachments and (not on_instagram or len(attachments) > IMAGES):
        raise errors.messenger(100, message=f"Up to {IMAGES} attachments, on Instagram only.")
    for attachment in [*attachments, *filter(None, [content.get("attachment")])]:
        _attachment(call, attachment, sender, on_instagram=on_instagram)
    if not ({"text", "attachment", "attachments", "template"} & content.keys()):
        raise errors.messenger(100, 2534015 if on_instagram else 0, "The message is empty.")


def carries_media(content: dict[str, Any]) -> bool:
    """Audio and video are sent more slowly."""
    return content.get("attachment", {}).get("type") in ("audio", "video")


def reusable(call: Call, sender: str, content: dict[str, Any]) -> dict[str, str]:
    """An attachment that was sent as reusable gets an id."""
    attachment = content.get("attachment", {})
    if not attachment.get("payload", {}).get("is_reusable"):
        return {}
    kept = call.meta.shelf.keep(sender, PIXEL, attachment["type"], call.now_ms + UPLOADED_LIFE_MS)
    return {"attachment_id": kept.id}


def _text(text: Any, *, on_instagram: bool) -> None:
    if not isinstance(text, str) or not text.strip():
        raise errors.messenger(100, 2534015 if on_instagram else 0, "Param message[text] must be a text.")
    if on_instagram and len(text.encode()) > INSTAGRAM_TEXT_BYTES:
        raise errors.messenger(100, 2534015, f"The text is longer than {INSTAGRAM_TEXT_BYTES} bytes.")
    if not on_instagram:
        _longest("message[text]", text, MESSENGER_TEXT)


def _longest(name: str, value: Any, length: int) -> None:
    if value is not None and len(str(value)) > length:
        raise errors.messenger(100, message=f"Length of param {name} must be less than or equal to {length}")


def _fewest_and_most(name: str, items: list[Any], fewest: int, most: int) -> None:
    if not fewest <= len(items) <= most:
        raise errors.messenger(100, message=f"Param {name} must have {fewest} to {most} elements")


def _quick_replies(replies: list[dict[str, Any]]) -> None:
    _fewest_and_most("message[quick_replies]", replies, 0, QUICK_REPLIES)
    for reply in replies:
        kind = reply.get("content_type")
        if kind not in ("text", "user_phone_number", "user_email"):
            raise errors.messenger(100, message="Param quick_replies[content_type] is not valid")
        if kind == "text" and not (reply.get("title") and reply.get("payload")):
            raise errors.messenger(100, message="A text quick reply needs a title and a payload")
        _longest("quick_replies[payload]", reply.get("payload"), QUICK_REPLY_PAYLOAD)


def _attachment(call: Call, attachment: dict[str, Any], sender: str, *, on_instagram: bool) -> None:
    kind, payload = attachment.get("type"), attachment.get("payload", {})
    if kind == "template":
        _template(payload, on_instagram=on_instagram)
    elif kind in FILES:
        _file(call, payload, sender)
    elif not (kind in ONLY_INSTAGRAM and on_instagram):
        raise errors.messenger(100, message=f"Param attachment[type] does not know {kind}")


def _file(call: Call, payload: dict[str, Any], sender: str) -> None:
    """An upload of the sender's own, or a URL."""
    if "attachment_id" in payload:
        kept = call.meta.shelf.find(str(payload["attachment_id"]), call.now_ms)
        if kept is None or kept.asset != sender:
            raise errors.messenger(100, 2018074)
    elif not str(payload.get("url", "")).startswith(("http://", "https://")):
        raise errors.messenger(100, message="Param payload[url] should represent a valid URL")


def _template(payload: dict[str, Any], *, on_instagram: bool) -> None:
    check_template = TEMPLATES.get(str(payload.get("template_type")))
    if check_template is None:
        raise errors.messenger(100, message="Param payload[template_type] is not valid")
    check_template(payload, on_instagram)


def _button_template(payload: dict[str, Any], on_instagram: bool) -> None:
    _longest("payload[text]", payload.get("text"), BUTTON_TEXT)
    _fewest_and_most("payload[buttons]", payload.get("buttons", []), 1, BUTTONS)
    _buttons(payload["buttons"], on_instagram)


def _generic_template(payload: dict[str, Any], on_instagram: bool) -> None:
    _fewest_and_most("payload[elements]", payload.get("elements", []), 1, ELEMENTS)
    for element in payload["elements"]:
        if not element.get("title") or len(element) < 2:
            raise errors.messenger(100, message="An element needs a title and one more property")
        _longest("elements[title]", element["title"], ELEMENT_TEXT)
        _longest("elements[subtitle]", element.get("subtitle"), ELEMENT_TEXT)
        _fewest_and_most("elements[buttons]", element.get("buttons", []), 0, BUTTONS)
        _buttons(element.get("buttons", []), on_instagram)


def _buttons(buttons: list[dict[str, Any]], on_instagram: bool) -> None:
    for button in buttons:
        kind = button.get("type")
        if on_instagram and kind not in ("web_url", "postback"):
            raise errors.messenger(100, 2534015, f"Instagram knows no button of type {kind}")
        if kind == "postback" and not (button.get("title") and button.get("payload")):
            raise errors.messenger(100, message="A postback button needs a title and a payload")
        if kind == "web_url" and not button.get("url"):
            raise errors.messenger(100, message="A web_url button needs a url")


def _other_template(payload: dict[str, Any], on_instagram: bool) -> None:
    if on_instagram:
        raise errors.messenger(100, 2534015)


TEMPLATES: dict[str, Callable[[dict[str, Any], bool], None]] = {
    "button": _button_template,
    "generic": _generic_template,
    "product": _other_template,
    "media": _other_template,
    "receipt": _other_template,
    "coupon": _other_template,
    "customer_feedback": _other_template,
    "customer_information": _other_template,
}
