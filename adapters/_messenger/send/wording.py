"""`message` objects of text: texts, quick replies, and what has no shape of its own here."""

from adapters import _wording as words
from adapters._limits import at_most, within
from adapters._messenger.send.accent import Accent
from adapters._rendering import Body, Rendering, rendered, warn, without_absent
from adapters.outgoing import (
    ContactsMessage,
    ListMessage,
    LocationMessage,
    LocationRequestMessage,
    QuickReply,
    Row,
    TextMessage,
)

QUICK_REPLIES = 13
TITLE = 20
PAYLOAD = 1000


def text(message: TextMessage, accent: Accent) -> Rendering:
    """A text, with quick replies if there are any."""
    at_most(message.quick_replies, QUICK_REPLIES, "message.quick_replies")
    images = any(reply.image_url for reply in message.quick_replies) and not accent.quick_reply_images
    body: Body = {"text": accent.text(message.body, "message.body")}
    if message.quick_replies:
        body["quick_replies"] = [
            _quick_reply(reply, f"message.quick_replies[{index}]", accent)
            for index, reply in enumerate(message.quick_replies)
        ]
    return rendered(
        body,
        warn(message.preview_url, "message.preview_url", "The channel decides about previews by itself."),
        warn(images, "message.quick_replies", "Quick replies have no pictures on this channel."),
    )


def _quick_reply(reply: QuickReply, field: str, accent: Accent) -> Body:
    return without_absent(
        {
            "content_type": "text",
            "title": within(reply.title, TITLE, f"{field}.title"),
            "payload": within(reply.id, PAYLOAD, f"{field}.id"),
            "image_url": reply.image_url if accent.quick_reply_images else None,
        }
    )


def choices(message: ListMessage, accent: Accent) -> Rendering:
    """A list as quick replies; what does not fit on them stands in the text."""
    at_most(message.rows, QUICK_REPLIES, "message.sections")
    titled = any(section.title for section in message.sections)
    spelt_out = titled or any(row.description or len(row.title) > TITLE for row in message.rows)
    body = words.paragraphs(
        message.header, message.body, *(_spelt_out(message) if spelt_out else ()), message.footer
    )
    replies = [
        {"content_type": "text", "title": _short(row), "payload": within(row.id, PAYLOAD, "message.sections")}
        for row in message.rows
    ]
    return rendered(
        {"text": accent.text(body, "message.body"), "quick_replies": replies},
        warn(True, "message.type", "The channel has no lists: the rows are quick replies under the text."),
        warn(True, "message.button", "Nothing has to be opened: the button's text is not shown."),
    )


def _spelt_out(message: ListMessage) -> list[str]:
    return [
        words.lines((section.title, *(words.entry(row.title, row.description) for row in section.rows)))
        for section in message.sections
    ]


def _short(row: Row) -> str:
    return row.title if len(row.title) <= TITLE else row.title[: TITLE - 1] + "…"


def location(message: LocationMessage, accent: Accent) -> Rendering:
    """A place as text with a link to a map."""
    return rendered(
        {"text": accent.text(words.place(message), "message.address")},
        warn(True, "message.type", "The channel takes no locations: a text with a link to a map is sent."),
    )


def location_request(message: LocationRequestMessage, accent: Accent) -> Rendering:
    """The question alone."""
    return rendered(
        {"text": accent.text(message.body, "message.body")},
        warn(True, "message.type", "The channel has no button for locations: only the question is sent."),
    )


def contacts(message: ContactsMessage, accent: Accent) -> Rendering:
    """Contact cards as text."""
    names = (warn(True, field, "Only the whole name is sent.") for field in words.unsaid_names(message))
    return rendered(
        {"text": accent.text(words.cards(message), "message.contacts")},
        warn(True, "message.type", "The channel has no contact cards: they are sent as text."),
        *names,
    )
