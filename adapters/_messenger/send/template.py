"""Button and generic templates.

{"attachment":{"type":"template","payload":{"template_type":"button","text":"…","buttons":[…]}}}
{"attachment":{"type":"template","payload":{"template_type":"generic","elements":[…]}}}
"""

from collections.abc import Sequence

from adapters import _wording as words
from adapters._limits import at_most, within
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.attachment import attachment
from adapters._messenger.send.wording import PAYLOAD, TITLE
from adapters._rendering import Body, Rendering, in_turn, rendered, warn, without_absent
from adapters.outgoing import Button, ButtonsMessage, CallButton, Card, CardsMessage, ReplyButton, UrlButton
from adapters.sending import Unsendable

BUTTONS = 3
TEXT = 640
CARD_TEXT = 80


def buttons(message: ButtonsMessage, accent: Accent) -> Rendering:
    """A text with buttons; the picture above it goes ahead as a message of its own."""
    template = _button_template(message, accent)
    if message.header_image is None:
        return template
    detail = "The channel has no picture above buttons: it is sent before them."
    picture = attachment("image", message.header_image)
    return in_turn(rendered(picture, warn(True, "message.header_image", detail)), template)


def _button_template(message: ButtonsMessage, accent: Accent) -> Rendering:
    at_most(message.buttons, BUTTONS, "message.buttons")
    shown = [each for each in message.buttons if accent.calls or not isinstance(each, CallButton)]
    spoken = [each for each in message.buttons if each not in shown]
    text = words.paragraphs(
        message.header, message.body, words.lines(map(words.button, spoken)), message.footer
    )
    warnings = (
        warn(message.header, "message.header", "The channel has no headers: it stands above the text."),
        warn(message.footer, "message.footer", "The channel has no footers: it stands below the text."),
        warn(spoken, "message.buttons", "The channel has no call buttons: the number stands in the text."),
    )
    if not shown:
        return rendered({"text": accent.text(text, "message.body")}, *warnings)
    payload = {
        "template_type": "button",
        "text": within(text, TEXT, "message.body"),
        "buttons": _buttons(shown, "message.buttons", accent),
    }
    return rendered(_template(payload), *warnings)


def cards(message: CardsMessage, accent: Accent) -> Rendering:
    """Cards beside each other."""
    elements = [_card(card, f"message.cards[{index}]", accent) for index, card in enumerate(message.cards)]
    return rendered(_template({"template_type": "generic", "elements": elements}))


def _card(card: Card, field: str, accent: Accent) -> Body:
    at_most(card.buttons, BUTTONS, f"{field}.buttons")
    element = without_absent(
        {
            "title": within(card.title, CARD_TEXT, f"{field}.title"),
            "subtitle": card.subtitle and within(card.subtitle, CARD_TEXT, f"{field}.subtitle"),
            "image_url": card.image_url,
            "default_action": card.url and {"type": "web_url", "url": card.url},
            "buttons": _buttons(card.buttons, f"{field}.buttons", accent) or None,
        }
    )
    if len(element) == 1:
        raise Unsendable("invalid", field, "needs something besides its title")
    return element


def _buttons(given: Sequence[Button], field: str, accent: Accent) -> list[Body]:
    return [_button(each, f"{field}[{index}]", accent) for index, each in enumerate(given)]


def _button(given: Button, field: str, accent: Accent) -> Body:
    title = within(given.title, TITLE, f"{field}.title")
    if isinstance(given, ReplyButton):
        return {"type": "postback", "title": title, "payload": within(given.id, PAYLOAD, f"{field}.id")}
    if isinstance(given, UrlButton):
        return {"type": "web_url", "title": title, "url": given.url}
    if not accent.calls:
        raise Unsendable("unsupported", field, "calls a number, which no button of this channel can")
    return {"type": "phone_number", "title": title, "payload": given.phone_number}


def _template(payload: Body) -> Body:
    return {"attachment": {"type": "template", "payload": payload}}
