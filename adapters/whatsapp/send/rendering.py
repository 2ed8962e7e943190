"""From a message to the bodies that it becomes, without recipient."""

from collections.abc import Callable, Mapping
from typing import Any

from adapters._rendering import Rendering, rendered
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
    ReactionMessage,
    ReactionRemovalMessage,
    StickerMessage,
    TemplateMessage,
    TextMessage,
    VideoMessage,
)
from adapters.sending import Unsendable
from adapters.whatsapp.send import card, interactive, media, template, wording


def _reaction(message: ReactionMessage) -> Rendering:
    return rendered(
        {"type": "reaction", "reaction": {"message_id": message.message_id, "emoji": message.emoji}}
    )


def _reaction_removal(message: ReactionRemovalMessage) -> Rendering:
    return rendered({"type": "reaction", "reaction": {"message_id": message.message_id, "emoji": ""}})


_RENDERERS: Mapping[type[Form], Callable[[Any], Rendering]] = {
    TextMessage: wording.text,
    ImageMessage: media.picture,
    VideoMessage: media.video,
    AudioMessage: media.audio,
    FileMessage: media.document,
    StickerMessage: media.sticker,
    ButtonsMessage: interactive.buttons,
    ListMessage: interactive.choices,
    CardsMessage: card.cards,
    TemplateMessage: template.template,
    LocationMessage: wording.location,
    LocationRequestMessage: interactive.location_request,
    ContactsMessage: wording.contacts,
    ReactionMessage: _reaction,
    ReactionRemovalMessage: _reaction_removal,
}
IN_GROUPS = frozenset({"text", "image", "video", "audio", "document", "sticker", "template"})
"""The types that a group takes. Meta, "Groups API"."""


def render(message: Form) -> Rendering:
    """The bodies. Raises Unsendable."""
    renderer = _RENDERERS.get(type(message))
    if renderer is None:
        raise Unsendable("unsupported", "message.type", "is nothing that this channel can send")
    return renderer(message)
