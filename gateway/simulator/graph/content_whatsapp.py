"""What a WhatsApp message may be, and how long. Meta, "WhatsApp Cloud API: Messages", one page per type."""

from collections.abc import Callable
from typing import Any

from gateway.simulator.graph import errors
from gateway.simulator.graph.call import Call
from gateway.simulator.media import WHATSAPP_TYPES, kind_of
from gateway.simulator.numbers import Number

TEXT = 4_096
BODY = 1_024
LIST_BODY = 4_096
FOOTER = HEADER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
ROWS = SECTIONS = 10
ROW_TITLE = 24
ROW_ID = 200
ROW_DESCRIPTION = 72

Body = dict[str, Any]


def check(call: Call, number: Number, body: Body) -> None:
    """Refuse what Meta refuses. Raises GraphError."""
    kind = body["type"]
    if kind not in TYPES:
        raise errors.whatsapp(131051, f"Message type {kind} is not supported.")
    content: Any = body.get(kind)
    if not _has_form(kind, content):
        raise errors.whatsapp(131008, f"The parameter {kind} is required.")
    if kind in WHATSAPP_TYPES:
        _media(call, number, kind, content)
    else:
        TYPES[kind](content)


def _has_form(kind: str, content: Any) -> bool:
    return bool(content) and isinstance(content, list if kind == "contacts" else dict)


def longest(name: str, value: Any, length: int) -> None:
    """Refuse a text that is too long, or missing."""
    if not isinstance(value, str) or not value:
        raise errors.whatsapp(131008, f"The parameter {name} is required.")
    if len(value) > length:
        raise errors.whatsapp(131009, f"The parameter {name} is longer than {length} characters.")


def _fewest_and_most(name: str, items: Any, most: int) -> None:
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        raise errors.whatsapp(131009, f"The parameter {name} must have 1 to {most} elements.")


def _text(content: Body) -> None:
    longest("text.body", content.get("body"), TEXT)


def _media(call: Call, number: Number, kind: str, content: Body) -> None:
    """A file of this number that fits the type, or a link."""
    if "caption" in content:
        longest(f"{kind}.caption", content["caption"], BODY)
    if "id" in content:
        medium = call.meta.shelf.find(str(content["id"]), call.now_ms)
        if medium is None or medium.asset != number.id:
            raise errors.whatsapp(131009, f"Media {content['id']} does not exist.")
        if kind_of(medium.mime_type) != kind:
            raise errors.whatsapp(131053, f"A file of type {medium.mime_type} is no {kind}.")
    elif not str(content.get("link", "")).startswith(("http://", "https://")):
        raise errors.whatsapp(131008, f"The parameter {kind} needs an id or a link.")


def _location(content: Body) -> None:
    if not {"latitude", "longitude"} <= content.keys():
        raise errors.whatsapp(131008, "A location needs a latitude and a longitude.")


def _contacts(content: list[Body]) -> None:
    for card in content:
        if not card.get("name", {}).get("formatted_name"):
            raise errors.whatsapp(131008, "The parameter contacts.name.formatted_name is required.")


def _reaction(content: Body) -> None:
    if not content.get("message_id") or "emoji" not in content:
        raise errors.whatsapp(131008, "A reaction needs a message_id and an emoji.")


def _template(content: Body) -> None:
    if not content.get("name") or not content.get("language", {}).get("code"):
        raise errors.whatsapp(131008, "A template needs a name and a language code.")


def _interactive(content: Body) -> None:
    kind = content.get("type")
    check_kind = INTERACTIVE.get(str(kind))
    if check_kind is None:
        raise errors.whatsapp(131009, f"Interactive type {kind} is not valid.")
    if kind != "product":
        body = content.get("body", {}).get("text")
        longest("interactive.body.text", body, LIST_BODY if kind == "list" else BODY)
    if "footer" in content:
        longest("interactive.footer.text", content["footer"].get("text"), FOOTER)
    if content.get("header", {}).get("type") == "text":
        longest("interactive.header.text", content["header"].get("text"), HEADER)
    check_kind(content.get("action", {}))


def _buttons(action: Body) -> None:
    _fewest_and_most("action.buttons", action.get("buttons"), BUTTONS)
    replies = [button.get("reply", {}) for button in action["buttons"]]
    for reply in replies:
        longest("reply.title", reply.get("title"), BUTTON_TITLE)
        longest("reply.id", reply.get("id"), BUTTON_ID)
    if len({reply["id"] for reply in replies}) < len(replies):
        raise errors.whatsapp(131009, "The ids of the buttons must differ.")


def _list(action: Body) -> None:
    longest("action.button", action.get("button"), BUTTON_TITLE)
    _fewest_and_most("action.sections", action.get("sections"), SECTIONS)
    rows = [row for section in action["sections"] for row in section.get("rows", [])]
    _fewest_and_most("action.sections.rows", rows, ROWS)
    for row in rows:
        longest("row.id", row.get("id"), ROW_ID)
        longest("row.title", row.get("title"), ROW_TITLE)
        if "description" in row:
            longest("row.description", row["description"], ROW_DESCRIPTION)
    if len({row["id"] for row in rows}) < len(rows):
        raise errors.whatsapp(131009, "The ids of the rows must differ.")


def _cta_url(action: Body) -> None:
    parameters = action.get("parameters", {})
    longest("parameters.display_text", parameters.get("display_text"), BUTTON_TITLE)
    longest("parameters.url", parameters.get("url"), 2_000)


def _any(_: Body) -> None:
    """Whatever else the type needs is not looked at."""


INTERACTIVE: dict[str, Callable[[Body], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _cta_url,
    "flow": _any,
    "location_request_message": _any,
    "contact_request": _any,
    "call_permission_request": _any,
    "address_message": _any,
    "catalog_message": _any,
    "product": _any,
    "product_list": _any,
    "carousel": _any,
    "voice_call": _any,
}
_PLAIN: dict[str, Callable[[Any], None]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "template": _template,
    "interactive": _interactive,
}
TYPES = _PLAIN | dict.fromkeys(WHATSAPP_TYPES, _any)
