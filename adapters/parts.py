"""What an event can be about besides a message: one body object per family of names."""

from typing import Any, Literal

from msgspec import Raw, field

from adapters.message import Part, PriorMessage, Target


class RawRef(Part, frozen=True, kw_only=True, omit_defaults=True):
    """Where the event comes from: the SHA-256 of the received body and a JSON pointer into it."""

    sha256: str
    pointer: str
    inline: Raw | None = None
    """Meta's own JSON of this element, byte for byte; always present on `unknown`."""


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
    """Scheme and host: path and query may hold a token."""
    state: str | None = None
    reason: str | None = None
    disabled_at: int | None = None
    """It fails: in Unix seconds, when it will be disabled if nothing succeeds before."""


class Erased(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A person's data is gone here; delete your own copies of what you know under this contact."""

    id: str
    """Of the erasure."""
    contact_id: str | None = None
    """The gateway's key of the person, which now leads to nobody."""


class DeadDelivery(Part, frozen=True, kw_only=True, omit_defaults=True):
    """A delivery that was given up. Its event can be delivered again."""

    id: str
    event_id: str
    attempts: int
    """In its last round of the schedule."""
    error: str | None = None
    """The class of the last failure, such as `timeout` or `status`."""
    status: int | None = None
    """The last HTTP status, if the receiver answered."""
    test: bool = False
    """Its event was a test."""


class DeadDeliveries(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What was given up at one endpoint since the last such event."""

    endpoint_id: str
    count: int
    deliveries: tuple[DeadDelivery, ...]
    """The first 100 of them; all are at `/v1/deliveries?state=dead`."""
    url: str | None = None
    """Scheme and host: path and query may hold a token."""


class Outgoing(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a message sent through the API."""

    id: str
    state: str
    """`sent failed unknown`."""
    error: Any = None
    """`code` in the words of the API, `retryable`, and the platform's own numbers and trace id."""
    tag: str | None = None
    """The reference that the sender gave it."""
    message_ids: tuple[str, ...] = ()
    """The platform's ids of what was sent, in their order; beside `failed`: these parts went out."""
    parts: int = 1
    """How many messages it is on the channel: a picture and its caption can be two."""
