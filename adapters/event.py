"""The normalised event: what a customer's handler receives, whatever the channel.

`Event` and its parts are the wire contract. A key that does not apply is absent, never null, and a
field is never renamed, retyped or removed within `version`. JSON Schema and docs/events.md are
generated from these types, so a docstring here is public documentation.

An adapter fills `Event`. What only a store can know (the place in the conversation, the contact's
key, the reply window) is in `Placement` and is joined to the adapter's bytes by `place`.
"""

from typing import Any, Literal

from msgspec import Raw, Struct, field, json

VERSION = "1"
"""The schema version of every event below."""

Direction = Literal["inbound", "outbound"]
Origin = Literal["contact", "gateway", "page_inbox", "phone_app", "other_app", "meta_agent", "platform"]


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of every part of an event: immutable, and silent about what it does not have."""


class RawRef(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Where the event comes from: the SHA-256 of the received body and a JSON pointer into it."""

    sha256: str
    pointer: str
    inline: Raw | None = None
    """Meta's own JSON of this element, byte for byte; always present on `unknown`."""


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


class Error(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An error in the platform's own numbers."""

    code: str | None = None
    title: str | None = None
    message: str | None = None
    details: str | None = None


class Status(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What became of messages that the business sent. A late lower rank says `stale`."""

    state: str
    """`sent delivered read played failed deleted other`."""
    message_ids: tuple[str, ...]
    """Empty where only the watermark tells."""
    original_state: str | None = None
    rank: int | None = None
    """sent 1, delivered 2, read 3, played 4."""
    watermark_ms: int | None = None
    """Everything up to this moment (Unix milliseconds) has this state."""
    error: Error | None = None
    pricing: Any = None
    tag: str | None = None
    """What the sender attached to the message (`biz_opaque_callback_data`)."""
    details: Any = None
    """Of the state of a payment, which says nothing of its message: amount and transaction."""
    stale: bool = False


class Target(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A message that something else is about; `known` tells whether the gateway has seen it."""

    message_id: str | None = None
    known: bool | None = None


class Reaction(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An emoji put on a message, or taken off it."""

    action: Literal["added", "removed"]
    target: Target
    emoji: str | None = None
    name: str | None = None


class Postback(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A tap on a button of ours; `payload` is ours too, and absent when another app sent the button."""

    id: str | None = None
    title: str | None = None
    payload: str | None = None
    prior_message: PriorMessage | None = None


class Referral(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Where the person came from: an ad, a link, a shop."""

    source: str | None = None
    type: str | None = None
    ref: str | None = None
    ad_id: str | None = None
    ctwa_clid: str | None = None
    url: str | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None
    image_url: str | None = None
    video_url: str | None = None
    thumbnail_url: str | None = None
    product: Any = None
    ads_context: Any = None


class Consent(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the person agreed to, or no longer agrees to."""

    state: Literal["opted_in", "opted_out"]
    source: str
    topic: str | None = None
    token: str | None = None
    token_expires_at: int | None = None
    """Unix seconds."""
    payload: str | None = None
    ref: str | None = None
    details: Any = None


class Thread(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Which app answers in this conversation from now on, or who asks to."""

    action: str
    """`passed taken requested roles`."""
    previous_owner: str | None = None
    new_owner: str | None = None
    metadata: str | None = None
    roles: Any = None
    details: Any = None


class Author(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the writer of a comment is called; their id is the event's `from`."""

    name: str | None = None
    username: str | None = None


class Comment(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A public comment on a post or a live video."""

    id: str | None = None
    post_id: str | None = None
    parent_id: str | None = None
    text: str | None = None
    media: Any = None
    author: Author | None = None
    live: bool = False
    hidden: bool = False


class Lead(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A filled-in lead form; its answers are fetched from the Graph API by `id`."""

    id: str | None = None
    form_id: str | None = None
    ad_id: str | None = None
    adgroup_id: str | None = None


class PersonIdentity(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One name of a person, and where that name is valid."""

    kind: str
    """`psid igsid wa_id phone bsuid parent_bsuid user_ref asid`."""
    value: str
    scope: str
    """The Page or Instagram account; the app for `asid`; the WABA or portfolio on WhatsApp."""


class IdentityChange(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A person's names changed, or may have."""

    change: str
    """`number user_id security_code linked suspected`."""
    previous: tuple[PersonIdentity, ...] = field(default_factory=tuple)
    current: tuple[PersonIdentity, ...] = field(default_factory=tuple)
    previous_conversation_id: str | None = None
    details: Any = None


class Link(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An account of the business's own, linked to the person or unlinked."""

    state: Literal["linked", "unlinked"]
    authorization_code: str | None = None


class Label(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An inbox label put on the person or taken off."""

    action: str | None = None
    id: str | None = None
    name: str | None = None


class Feedback(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to a question about the service."""

    kind: str
    value: Any = None
    message_id: str | None = None


Change = dict[str, Any]
"""A change of an account, template, call, group, feed …: `change` says which, beside Meta's own fields.

Every id among them is a string.
"""


class ConversationStart(Part, frozen=True, kw_only=True, omit_defaults=True):
    """`started_by`: `contact` or `business`."""

    started_by: Literal["contact", "business"]


class EndpointState(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What happened to a customer's endpoint."""

    id: str
    url: str | None = None
    state: str | None = None
    reason: str | None = None


class Outgoing(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a message sent through the API."""

    id: str
    state: str
    error: Any = None


class Event(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened on a channel, in the same words for all channels."""

    id: str
    """`evt_` + 26 characters: the same fact has the same id however often and wherever it arrives."""
    version: str
    platform: str = ""
    """`facebook instagram whatsapp`. Absent, as `page_id` is, where the gateway itself has news."""
    event: str
    timestamp: int
    """Unix seconds when it happened on the platform."""
    timestamp_ms: int
    page_id: str = ""
    """The business asset: Page id, Instagram account id, WhatsApp phone_number_id."""
    waba_id: str | None = None
    from_: str | None = field(default=None, name="from")
    to: str | None = None
    from_kind: str | None = None
    to_kind: str | None = None
    direction: Direction | None = None
    origin: Origin | None = None
    standby: bool = False
    """Another app holds the thread: do not answer."""
    test: bool = False
    backfilled: bool = False
    message: Message | None = None
    status: Status | None = None
    reaction: Reaction | None = None
    postback: Postback | None = None
    referral: Referral | None = None
    consent: Consent | None = None
    thread: Thread | None = None
    comment: Comment | None = None
    mention: Comment | None = None
    lead: Lead | None = None
    review: Any = None
    order: Any = None
    feedback: Feedback | None = None
    identity: IdentityChange | None = None
    link: Link | None = None
    label: Label | None = None
    information: Any = None
    account: Change | None = None
    template: Change | None = None
    call: Change | None = None
    group: Change | None = None
    feed: Change | None = None
    marketing: Change | None = None
    game: Change | None = None
    history: Change | None = None
    conversation: ConversationStart | None = None
    endpoint: EndpointState | None = None
    outgoing: Outgoing | None = None
    signature_verified: bool | None = None
    raw: RawRef | None = None


class Contact(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The person, under the gateway's own key; ids of different kinds always say their kind."""

    id: str
    """`usr_` + UUID: constant over number changes and rotations."""
    name: str | None = None
    username: str | None = None
    identities: tuple[PersonIdentity, ...] = field(default_factory=tuple)


class Window(Struct, frozen=True, kw_only=True):
    """Until when (Unix seconds) the business may write freely; null where it may not."""

    free_form_until: int | None
    human_agent_until: int | None


class Placement(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What the store adds to an event when it takes it in."""

    conversation_id: str | None = None
    sequence: int | None = None
    """1, 2, 3 … without gaps per conversation."""
    received_at_ms: int | None = None
    contact: Contact | None = None
    window: Window | None = None
    revision: int | None = None
    supersedes: tuple[str, ...] | None = None


_encoder = json.Encoder()


def encode(event: Event) -> bytes:
    """The event as JSON, without what the store adds."""
    return _encoder.encode(event)


def patch(body: bytes, key: str, change: dict[str, Any]) -> bytes:
    """Set some members of the body object `key`; everything else keeps its bytes."""
    event = json.decode(body, type=dict[str, Raw])
    part = json.decode(event[key]) | change
    return _encoder.encode(event | {key: Raw(_encoder.encode(part))})


def place(body: bytes, placement: Placement) -> bytes:
    """Join the store's keys to the adapter's bytes; any process makes the same bytes of the same fields."""
    added = _encoder.encode(placement)
    return body if added == b"{}" else body[:-1] + b"," + added[1:]
