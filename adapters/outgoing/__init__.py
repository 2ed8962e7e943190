"""What a business sends: one shape for all channels.

An `Outgoing` says to whom, what, and under which rules; a platform's `request` turns it into requests to
the platform. The HTTP API decodes these types directly: strictly, with errors that name the field. What
depends on the platform (lengths, counts, kinds of recipient) is checked by `request`, which raises
`Unsendable` with the field.

    form  the base      text  media  buttons  choices  cards  template + parameter  place  contact_card
    signal: no messages (reaction, typing, read, thread control)     native: the platform's own JSON
"""

from typing import Any, Literal

from adapters.outgoing.buttons import Button, ButtonsMessage, CallButton, ReplyButton, UrlButton
from adapters.outgoing.cards import Card, CardsMessage
from adapters.outgoing.choices import ListMessage, Row, Section
from adapters.outgoing.contact_card import ContactCard, ContactsMessage
from adapters.outgoing.form import Form, Name
from adapters.outgoing.media import (
    AudioMessage,
    FileMessage,
    ImageMessage,
    MediaMessage,
    Source,
    StickerMessage,
    VideoMessage,
)
from adapters.outgoing.native import NativeMessage
from adapters.outgoing.place import LocationMessage, LocationRequestMessage
from adapters.outgoing.signal import (
    MarkReadMessage,
    ReactionMessage,
    ReactionRemovalMessage,
    Signal,
    ThreadControlMessage,
    TypingOffMessage,
    TypingOnMessage,
)
from adapters.outgoing.template import TemplateMessage
from adapters.outgoing.text import QuickReply, TextMessage

__all__ = [
    "AudioMessage",
    "Button",
    "ButtonsMessage",
    "CallButton",
    "Card",
    "CardsMessage",
    "ContactCard",
    "ContactsMessage",
    "FileMessage",
    "Form",
    "ImageMessage",
    "ListMessage",
    "LocationMessage",
    "LocationRequestMessage",
    "MarkReadMessage",
    "MediaMessage",
    "NativeMessage",
    "Outgoing",
    "OutgoingMessage",
    "QuickReply",
    "ReactionMessage",
    "ReactionRemovalMessage",
    "Recipient",
    "RecipientKind",
    "ReplyButton",
    "Row",
    "Section",
    "Sender",
    "Signal",
    "Source",
    "StickerMessage",
    "TemplateMessage",
    "TextMessage",
    "ThreadControlMessage",
    "TypingOffMessage",
    "TypingOnMessage",
    "UrlButton",
    "VideoMessage",
]

OutgoingMessage = (
    TextMessage
    | MediaMessage
    | ButtonsMessage
    | ListMessage
    | CardsMessage
    | TemplateMessage
    | LocationMessage
    | LocationRequestMessage
    | ContactsMessage
    | Signal
    | NativeMessage
)
"""Told apart by `type`."""

RecipientKind = Literal[
    "psid", "igsid", "wa_id", "phone", "bsuid", "parent_bsuid", "user_ref", "group", "comment", "post"
]
Sender = Literal["bot", "human"]
MessagingType = Literal["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"]
MessageTag = Literal["HUMAN_AGENT", "CUSTOMER_FEEDBACK"]


class Recipient(Form, frozen=True, kw_only=True):
    """To whom. The kind is never guessed: a PSID is not a telephone number."""

    kind: RecipientKind
    """`comment` and `post` make a private reply to who wrote it (Messenger, Instagram)."""
    value: Name


class Outgoing(Form, frozen=True, kw_only=True):
    """One message, or one signal, to one recipient."""

    to: Recipient
    message: OutgoingMessage
    reply_to: Name | None = None
    """The platform's id of the message that this one answers."""
    tag: Name | None = None
    """Our id of it. It comes back on the echo (Messenger, Instagram) or the status (WhatsApp)."""
    sender: Sender = "bot"
    """`human` where a person wrote it; only then may the tag `HUMAN_AGENT` be used."""
    messaging_type: MessagingType | None = None
    """Messenger and Instagram; default `RESPONSE`, or `MESSAGE_TAG` where there is a tag."""
    message_tag: MessageTag | None = None
    """Messenger and Instagram: why a message may go out after 24 hours."""
    override: dict[str, Any] | None = None
    """Members of the platform's own JSON, merged into the request last. It cannot change the recipient."""
