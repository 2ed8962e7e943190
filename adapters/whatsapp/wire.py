"""What Meta writes, as types: the parts of a WhatsApp value that the gateway reads member by member.

Meta, "Messages webhook reference" and "Business-scoped user IDs" (WhatsApp Cloud API).
"""

from typing import Any

from msgspec import field

from adapters._wire import Wire


class Profile(Wire, frozen=True):
    name: str | None = None
    username: str | None = None


class Contact(Wire, frozen=True):
    """`{"profile":{"name","username"},"wa_id","user_id","parent_user_id"}`"""

    profile: Profile | None = None
    wa_id: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None


class Metadata(Wire, frozen=True):
    """`{"display_phone_number","phone_number_id"}`: which of the business's numbers."""

    display_phone_number: str | None = None
    phone_number_id: str | None = None


class ErrorData(Wire, frozen=True):
    details: str | None = None


class Error(Wire, frozen=True):
    """`{"code","title","message","error_data":{"details"}}`, or with `details` at the top."""

    code: int | str | None = None
    title: str | None = None
    message: str | None = None
    error_data: ErrorData | None = None
    details: str | None = None


class Text(Wire, frozen=True):
    body: str | None = None


class Media(Wire, frozen=True):
    """`url` on what was received, `link` on what a business sent."""

    caption: str | None = None
    filename: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    id: str | None = None
    url: str | None = None
    link: str | None = None
    voice: bool = False
    animated: bool = False


class Button(Wire, frozen=True):
    payload: str | None = None
    text: str | None = None


class Reaction(Wire, frozen=True):
    message_id: str | None = None
    emoji: str | None = None


class Unsupported(Wire, frozen=True):
    type: str | None = None


class System(Wire, frozen=True):
    """A change of the person's ids; the `new_`, `customer` and `identity` members are older spellings."""

    type: str | None = None
    body: str | None = None
    wa_id: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None
    previous_wa_id: str | None = None
    previous_user_id: str | None = None
    previous_parent_user_id: str | None = None
    new_wa_id: str | None = None
    customer: str | None = None
    identity: Any = None


class Context(Wire, frozen=True):
    """What a message answers, or that it was forwarded; `from` may be absent, `id` too."""

    from_: str | None = field(default=None, name="from")
    id: str | None = None
    forwarded: bool = False
    frequently_forwarded: bool = False
    referred_product: Any = None


class Referral(Wire, frozen=True):
    source_url: str | None = None
    source_id: str | None = None
    source_type: str | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None
    image_url: str | None = None
    video_url: str | None = None
    thumbnail_url: str | None = None
    ctwa_clid: str | None = None
    welcome_message: Any = None


class Change(Wire, frozen=True):
    """The body of `edit` and `revoke`; `message` is the new content of an edit."""

    original_message_id: str | None = None
    message: "Message | None" = None


class Message(Wire, frozen=True):
    """An item of `messages`, of the echoes, and of a history thread.

    `message` holds the whole message where a standby echo wraps the request that sent it;
    `to`, `recipient` and `recipient_type` are that request's, too.
    """

    context: Context | None = None
    from_: str | None = field(default=None, name="from")
    from_user_id: str | None = None
    from_parent_user_id: str | None = None
    id: str | None = None
    timestamp: Any = None
    type: str | None = None
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Any = None
    contacts: Any = None
    interactive: Any = None
    button: Button | None = None
    order: Any = None
    reaction: Reaction | None = None
    system: System | None = None
    edit: Change | None = None
    revoke: Change | None = None
    template: Any = None
    flow: Any = None
    unsupported: Unsupported | None = None
    errors: list[Error] | None = None
    group_id: str | None = None
    referral: Referral | None = None
    identity: Any = None
    history_context: Any = None
    to: str | None = None
    to_user_id: str | None = None
    to_parent_user_id: str | None = None
    recipient: str | None = None
    recipient_type: str | None = None
    message: "Message | None" = None


class Sent(Wire, frozen=True):
    """The message that a status is about, where it is nested."""

    recipient_id: str | None = None


class Status(Wire, frozen=True):
    """An item of `statuses`. `parent_recipient_user_id` was the name of April 2026."""

    id: str | None = None
    status: str | None = None
    timestamp: Any = None
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    recipient_parent_user_id: str | None = None
    parent_recipient_user_id: str | None = None
    conversation: Any = None
    pricing: Any = None
    errors: list[Error] | None = None
    biz_opaque_callback_data: str | None = None
    type: str | None = None
    recipient_type: str | None = None
    recipient_participant_id: str | None = None
    recipient_participant_user_id: str | None = None
    recipient_participant_parent_user_id: str | None = None
    payment: Any = None
    message: Sent | None = None


class WabaInfo(Wire, frozen=True):
    waba_id: str | None = None
