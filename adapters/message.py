"""The message in an event, and everything that can be in a message."""

from typing import Any

from msgspec import Struct


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The base of every part of an event: immutable, and silent about what it does not have.

    It can hold no cycle, so the garbage collector need not walk through a large body's events.
    """


class Attachment(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One piece of media or one shared object."""

    type: str
    """`image audio video file sticker location share template story_mention unsupported`."""
    original_type: str
    """The platform's own word for it."""
    storable: bool
    """False where the platform's terms forbid keeping the media (Instagram stories and shares)."""
    url: str | None = None
    media_id: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    filename: str | None = None
    caption: str | None = None
    title: str | None = None
    expires_at: int | None = None
    """Unix seconds."""
    voice: bool = False
    animated: bool = False
    payload: Any = None
    """What else the platform sent with it (a template's elements, a product, a booking)."""


class Story(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The story that a message answers. Its media must not be stored."""

    id: str | None = None
    url: str | None = None


class ReplyTo(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What a message answers: an earlier message, or a story."""

    id: str | None = None
    story: Story | None = None


class Interactive(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A tap on something the business offered."""

    kind: str
    """`quick_reply button list flow call_permission`, or the platform's own word."""
    id: str | None = None
    title: str | None = None
    description: str | None = None
    data: Any = None


class Location(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A place, in degrees."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None
    address: str | None = None
    url: str | None = None


class PriorMessage(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the business had sent before it knew the person by more than a `user_ref`."""

    source: str | None = None
    """The platform's word for it, such as `checkbox_plugin`."""
    identifier: str | None = None
    """The `user_ref`. A hint only: nothing is merged by it."""


class Context(Part, frozen=True, kw_only=True, omit_defaults=True):
    """How a message came about."""

    forwarded: bool = False
    frequently_forwarded: bool = False
    product: Any = None
    agent: Any = None
    """The summary that an agent handed over with the thread."""
    prior_message: PriorMessage | None = None
    to_self: bool = False
    """The account wrote to itself, as one does to try it out; answering would go round in circles."""


class Edit(Part, frozen=True, kw_only=True, omit_defaults=True):
    """`number` counts the edits of the message, from 1, where the platform says it."""

    number: int | None = None


class Unsupported(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The platform could not show this message to us; its own words why."""

    code: str | None = None
    title: str | None = None


class Target(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A message that something else is about; `known` tells whether the gateway has seen it."""

    message_id: str | None = None
    known: bool | None = None


class Message(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A message. `attachments` is always present where the message has content."""

    id: str | None = None
    type: str | None = None
    """`text image audio video file sticker location contacts interactive order template share
    story_mention system unsupported`."""
    body: str | None = None
    """The text, or the caption of the first attachment."""
    attachments: tuple[Attachment, ...] | None = None
    reply_to: ReplyTo | None = None
    interactive: Interactive | None = None
    location: Location | None = None
    contacts: Any = None
    order: Any = None
    template: Any = None
    context: Context | None = None
    edit: Edit | None = None
    original_type: str | None = None
    unsupported: Unsupported | None = None
    metadata: str | None = None
    """The string the sender attached to it (Messenger echoes)."""
    app_id: str | None = None
    """The app that sent it (Messenger and Instagram echoes)."""
    target: "Target | None" = None
    """On an edit or a deletion: the message it is about, and whether the gateway has seen it."""
