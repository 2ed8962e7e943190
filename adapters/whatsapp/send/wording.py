"""Texts; quick replies, which are buttons or a list here; places and contact cards."""

from adapters._limits import at_most, within
from adapters._rendering import Rendering, rendered, warn, without_absent
from adapters.outgoing import ContactsMessage, LocationMessage, Row, TextMessage
from adapters.whatsapp.send import limits
from adapters.whatsapp.send.contact import contact
from adapters.whatsapp.send.interactive import quick, reply, row

OPENS_LIST = "☰"
"""What opens the list that many quick replies become: understood in every language."""


def text(message: TextMessage) -> Rendering:
    """A text; with up to three quick replies reply buttons, with up to ten a list."""
    if message.quick_replies:
        return _with_quick_replies(message)
    body = within(message.body, limits.TEXT, "message.body")
    return rendered({"type": "text", "text": {"body": body, "preview_url": message.preview_url}})


def _with_quick_replies(message: TextMessage) -> Rendering:
    at_most(message.quick_replies, limits.ROWS, "message.quick_replies")
    few = len(message.quick_replies) <= limits.BUTTONS and len(message.body) <= limits.BUTTON_BODY
    pictures = any(each.image_url for each in message.quick_replies)
    shape = "reply buttons" if few else "a list"
    return rendered(
        _as_buttons(message) if few else _as_list(message),
        warn(True, "message.quick_replies", f"The channel has no quick replies: they are {shape}, and stay."),
        warn(pictures, "message.quick_replies", "Buttons and rows have no pictures."),
        warn(message.preview_url, "message.preview_url", "A text with buttons has no preview."),
    )


def _as_buttons(message: TextMessage) -> dict[str, object]:
    replies = enumerate(message.quick_replies)
    buttons = [reply(each.id, each.title, f"message.quick_replies[{at}]") for at, each in replies]
    return quick("button", message.body, {"buttons": buttons})


def _as_list(message: TextMessage) -> dict[str, object]:
    replies = enumerate(message.quick_replies)
    rows = [row(Row(id=each.id, title=each.title), f"message.quick_replies[{at}]") for at, each in replies]
    body = within(message.body, limits.LIST_BODY, "message.body")
    return quick("list", body, {"button": OPENS_LIST, "sections": [{"rows": rows}]})


def location(message: LocationMessage) -> Rendering:
    """A place."""
    place = {
        "latitude": message.latitude,
        "longitude": message.longitude,
        "name": message.name,
        "address": message.address,
    }
    return rendered({"type": "location", "location": without_absent(place)})


def contacts(message: ContactsMessage) -> Rendering:
    """Contact cards."""
    return rendered({"type": "contacts", "contacts": [contact(card) for card in message.contacts]})
