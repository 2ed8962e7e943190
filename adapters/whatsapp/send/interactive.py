"""Interactive messages: reply buttons, one link button, lists, the request for a location.

{"type":"interactive","interactive":{"type":"button","header":{…},"body":{"text":"…"},"footer":{"text":"…"},
 "action":{"buttons":[{"type":"reply","reply":{"id":"…","title":"…"}}]}}}
"""

from collections.abc import Sequence

from adapters import _wording as words
from adapters._limits import at_most, within
from adapters._rendering import Body, Rendering, rendered, warn, without_absent
from adapters.outgoing import (
    Button,
    ButtonsMessage,
    ListMessage,
    LocationRequestMessage,
    ReplyButton,
    UrlButton,
)
from adapters.outgoing.buttons import HeaderImage
from adapters.outgoing.choices import Row, Section
from adapters.sending import Unsendable
from adapters.whatsapp.send import limits
from adapters.whatsapp.send.media import source


def buttons(message: ButtonsMessage) -> Rendering:
    """Reply buttons, or one link button. What finds no place among them stands in the text."""
    at_most(message.buttons, limits.BUTTONS, "message.buttons")
    shown = _shown(message.buttons)
    spoken = [each for each in message.buttons if each not in shown]
    body = words.paragraphs(message.body, words.lines(map(words.button, spoken)))
    warning = warn(spoken, "message.buttons", "Links and numbers beside other buttons stand in the text.")
    if shown:
        action = _replies(shown) if isinstance(shown[0], ReplyButton) else _link(message.buttons, shown[0])
        kind = "button" if isinstance(shown[0], ReplyButton) else "cta_url"
        parts = _header(message.header, message.header_image) | _footer(message.footer)
        text = within(body, limits.BUTTON_BODY, "message.body")
        return rendered(_interactive(kind, text, action, parts), warning)
    return _plain(message, body)


def _plain(message: ButtonsMessage, body: str) -> Rendering:
    """Only numbers to call: a picture with a caption, or a text."""
    text = words.paragraphs(message.header, body, message.footer)
    warning = warn(True, "message.buttons", "The channel has no call buttons: the number stands in the text.")
    if message.header_image is not None:
        caption = within(text, limits.CAPTION, "message.body")
        return rendered(
            {"type": "image", "image": source(message.header_image) | {"caption": caption}}, warning
        )
    return rendered({"type": "text", "text": {"body": within(text, limits.TEXT, "message.body")}}, warning)


def _shown(given: Sequence[Button]) -> list[Button]:
    """The buttons that can be buttons together: all replies, else the first link."""
    replies: list[Button] = [each for each in given if isinstance(each, ReplyButton)]
    links: list[Button] = [each for each in given if isinstance(each, UrlButton)]
    return replies or links[:1]


def _replies(given: Sequence[Button]) -> Body:
    replies = [each for each in given if isinstance(each, ReplyButton)]
    return {
        "buttons": [reply(each.id, each.title, f"message.buttons[{at}]") for at, each in enumerate(replies)]
    }


def reply(id: str, title: str, field: str) -> Body:
    """One reply button."""
    within(id, limits.BUTTON_ID, f"{field}.id")
    return {
        "type": "reply",
        "reply": {"id": id, "title": within(title, limits.BUTTON_TITLE, f"{field}.title")},
    }


def _link(given: Sequence[Button], link: Button) -> Body:
    field = f"message.buttons[{given.index(link)}].title"
    url = link.url if isinstance(link, UrlButton) else ""
    title = within(link.title, limits.BUTTON_TITLE, field)
    return {"name": "cta_url", "parameters": {"display_text": title, "url": url}}


def choices(message: ListMessage) -> Rendering:
    """A list."""
    at_most(message.sections, limits.SECTIONS, "message.sections")
    at_most(message.rows, limits.ROWS, "message.sections")
    sections = [_section(section, index, message) for index, section in enumerate(message.sections)]
    action = {"button": within(message.button, limits.LIST_BUTTON, "message.button"), "sections": sections}
    parts = _header(message.header, None) | _footer(message.footer)
    text = within(message.body, limits.LIST_BODY, "message.body")
    return rendered(_interactive("list", text, action, parts))


def _section(section: Section, index: int, message: ListMessage) -> Body:
    field = f"message.sections[{index}]"
    if section.title is None and len(message.sections) > 1:
        raise Unsendable("invalid", f"{field}.title", "is required where there are several sections")
    title = section.title and within(section.title, limits.SECTION_TITLE, f"{field}.title")
    rows = [row(each, f"{field}.rows[{at}]") for at, each in enumerate(section.rows)]
    return without_absent({"title": title, "rows": rows})


def row(given: Row, field: str) -> Body:
    """One row of a list."""
    described = given.description and within(
        given.description, limits.ROW_DESCRIPTION, f"{field}.description"
    )
    return without_absent(
        {
            "id": within(given.id, limits.ROW_ID, f"{field}.id"),
            "title": within(given.title, limits.ROW_TITLE, f"{field}.title"),
            "description": described,
        }
    )


def location_request(message: LocationRequestMessage) -> Rendering:
    """A text with a button that sends a location."""
    text = within(message.body, limits.BUTTON_BODY, "message.body")
    return rendered(_interactive("location_request_message", text, {"name": "send_location"}, {}))


def quick(kind: str, text: str, action: Body) -> Body:
    """An interactive message without header and footer."""
    return _interactive(kind, text, action, {})


def _header(text: str | None, image: HeaderImage | None) -> Body:
    if image is not None:
        return {"header": {"type": "image", "image": source(image)}}
    return {"header": {"type": "text", "text": within(text, limits.HEADER, "message.header")}} if text else {}


def _footer(text: str | None) -> Body:
    return {"footer": {"text": within(text, limits.FOOTER, "message.footer")}} if text else {}


def _interactive(kind: str, text: str, action: Body, parts: Body) -> Body:
    return {
        "type": "interactive",
        "interactive": {"type": kind, **parts, "body": {"text": text}, "action": action},
    }
