"""From a message to the `message` objects that it becomes."""

from collections.abc import Callable, Mapping
from typing import Any

from adapters._messenger.send import attachment, template, wording
from adapters._messenger.send.accent import Accent
from adapters._rendering import Rendering
from adapters.outgoing import (
    AudioMessage,
    ButtonsMessage,
    CardsMessage,
    ContactsMessage,
    FileMessage,
    Form,
    ImageMessage,
    ListMessage,
    LocationMessage,
    LocationRequestMessage,
    StickerMessage,
    TextMessage,
    VideoMessage,
)
from adapters.sending import Unsendable

_RENDERERS: Mapping[type[Form], Callable[[Any, Accent], Rendering]] = {
    TextMessage: wording.text,
    ImageMessage: attachment.picture,
    VideoMessage: attachment.video,
    AudioMessage: attachment.audio,
    FileMessage: attachment.document,
    StickerMessage: attachment.sticker,
    ButtonsMessage: template.buttons,
    ListMessage: wording.choices,
    CardsMessage: template.cards,
    LocationMessage: wording.location,
    LocationRequestMessage: wording.location_request,
    ContactsMessage: wording.contacts,
}


def render(message: Form, accent: Accent) -> Rendering:
    """The `message` objects. Raises Unsendable."""
    renderer = _RENDERERS.get(type(message))
    if renderer is None:
        raise Unsendable("unsupported", "message.type", "is nothing that this channel can send")
    return renderer(message, accent)
