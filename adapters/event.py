"""The normalised event: what a customer's handler receives, whatever the channel.

`Event` and its parts are the wire contract. A key that does not apply is absent, never null, and a
field is never renamed, retyped or removed within `version`. JSON Schema and docs/events.md are
generated from these types, so a docstring here is public documentation.

An adapter fills `Event`. What only a store can know (the place in the conversation, the contact's
key, the reply window) is in `Placement` and is joined to the adapter's bytes by `place`.
"""

from typing import Any, Literal

from msgspec import Raw, Struct, field, json

from adapters.message import Message, Part
from adapters.parts import (
    Change,
    Comment,
    Consent,
    ConversationStart,
    DeadDeliveries,
    EndpointState,
    Erased,
    Feedback,
    IdentityChange,
    Label,
    Lead,
    Link,
    Outgoing,
    PersonIdentity,
    Postback,
    RawRef,
    Reaction,
    Referral,
    Status,
    Thread,
)

VERSION = "1"
"""The schema version of every event below."""


Direction = Literal["inbound", "outbound"]


Origin = Literal["contact", "gateway", "page_inbox", "phone_app", "other_app", "meta_agent", "platform"]


class Event(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened on a channel, in the same words for all channels."""

    id: str
    """`evt_` + 26 characters: the same fact has the same id however often and wherever it arrives."""
    version: str
    """The schema version; it only ever grows."""
    platform: str = ""
    """`facebook instagram whatsapp`. Absent, as `page_id` is, where the gateway itself has news."""
    event: str
    """What happened: `family.what`."""
    timestamp: int
    """Unix seconds when it happened on the platform."""
    timestamp_ms: int
    """The same moment in milliseconds, at the platform's own precision."""
    page_id: str = ""
    """The business asset: Page id, Instagram account id, WhatsApp phone_number_id."""
    waba_id: str | None = None
    """The WhatsApp Business Account; WhatsApp only."""
    from_: str | None = field(default=None, name="from")
    """Who did it, as the platform names them; what you reply to on an inbound event."""
    to: str | None = None
    """Who it was done to, as the platform names them."""
    from_kind: str | None = None
    """`psid igsid wa_id bsuid user_ref group page ig_account phone_number_id fb_commenter ig_commenter`."""
    to_kind: str | None = None
    """What kind of id `to` is."""
    direction: Direction | None = None
    """`inbound` from a person, `outbound` from the business."""
    origin: Origin | None = None
    """Who or what caused it."""
    standby: bool = False
    """Another app holds the thread: do not answer."""
    test: bool = False
    """A test from the platform's dashboard: real name, no consequences."""
    backfilled: bool = False
    """Fetched later, after a gap."""
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
    delivery: DeadDeliveries | None = None
    outgoing: Outgoing | None = None
    erasure: Erased | None = None
    signature_verified: bool | None = None
    """True on everything that came through a verified webhook."""
    raw: RawRef | None = None
    """Where the platform's own bytes are."""


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
    """Absent on the first; 2, 3 … when reading the platform's bytes again gave another content."""
    supersedes: tuple[str, ...] | None = None
    """Ids of events that this one replaces: what they were made of is read as this one now."""
    superseded_by: tuple[str, ...] | None = None
    """Ids of the events that have replaced this one. Only shown, not delivered."""
    content_removed: bool | None = None
    """True: what it said was removed after it had been delivered. Only shown, not delivered."""


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
