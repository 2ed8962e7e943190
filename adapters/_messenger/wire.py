"""What Meta writes in `entry[].messaging[]` and `entry[].standby[]`, as far as the gateway reads it.

Meta, "Messenger Platform: Webhooks Reference" and "Instagram Platform: Webhook Notification Examples".
Ids are opaque text; where Meta documents them as numbers, or as both, the type says so.
"""

from typing import Any

from msgspec import field

from adapters._wire import Wire


class User(Wire, frozen=True):
    """`{"id"}`; before a person has written, `{"user_ref"}` from a plugin on the business's site."""

    id: str | None = None
    user_ref: str | None = None
    name: str | None = None
    username: str | None = None


class Attachment(Wire, frozen=True):
    """`{"type","payload":{"url",…}}`; in echoes and old links `url` and `title` beside the payload."""

    type: str | None = None
    payload: Any = None
    url: str | None = None
    title: str | None = None
    old_url: str | None = field(default=None, name="URL")


class QuickReply(Wire, frozen=True):
    payload: str | None = None


class Story(Wire, frozen=True):
    id: str | None = None
    url: str | None = None


class ReplyTo(Wire, frozen=True):
    """`{"mid"}` for a message, `{"story":{"id","url"}}` for an Instagram story."""

    mid: str | None = None
    story: Story | None = None


class Referral(Wire, frozen=True):
    """`{"ref","source","type","ad_id","ads_context_data":{…},"referer_uri"}`; of a shop `{"product"}`."""

    ref: str | None = None
    source: str | None = None
    type: str | None = None
    ad_id: str | None = None
    ads_context_data: Any = None
    referer_uri: str | None = None
    product: dict[str, Any] | None = None


class Message(Wire, frozen=True):
    """Key `message`: one that a person wrote, or the echo of one that the business sent."""

    mid: str | None = None
    text: str | None = None
    attachments: list[Attachment] | None = None
    quick_reply: QuickReply | None = None
    reply_to: ReplyTo | None = None
    referral: Referral | None = None
    commands: Any = None
    sticker_id: str | int | None = None
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False
    is_self: bool = False
    app_id: str | int | None = None
    metadata: str | None = None


class MessageEdit(Wire, frozen=True):
    """Key `message_edit`: `{"mid","text","num_edit"}`, the number also as a string."""

    mid: str | None = None
    text: str | None = None
    num_edit: int | str | None = None


class Postback(Wire, frozen=True):
    """Key `postback`: `{"mid","title","payload","referral"}`, each of them missing at times."""

    mid: str | None = None
    title: str | None = None
    payload: str | None = None
    referral: Referral | None = None


class Reaction(Wire, frozen=True):
    """Key `reaction`: `{"mid","action":"react"|"unreact","reaction","emoji"}`; the last two may lack."""

    mid: str | None = None
    action: str | None = None
    reaction: str | None = None
    emoji: str | None = None


class Delivery(Wire, frozen=True):
    """Key `delivery`: `{"mids":[…],"watermark"}` in milliseconds; `mids` may lack."""

    mids: list[str] | None = None
    watermark: Any = None


class Read(Wire, frozen=True):
    """Key `read`: `{"watermark"}` on Messenger, `{"mid"}` on Instagram."""

    mid: str | None = None
    watermark: Any = None


class Optin(Wire, frozen=True):
    """Key `optin`: from a plugin (`ref`, `user_ref`), or for notification messages (`type` and so on)."""

    type: str | None = None
    ref: str | None = None
    user_ref: str | None = None
    payload: str | None = None
    title: str | None = None
    notification_messages_token: str | None = None
    one_time_notif_token: str | None = None
    token_expiry_timestamp: Any = None
    notification_messages_status: str | None = None
    notification_messages_frequency: str | None = None
    notification_messages_timezone: str | None = None
    user_token_status: str | None = None
    message_request: str | None = None


class ThreadControl(Wire, frozen=True):
    """Keys `pass_`, `take_` and `request_thread_control`; app ids are numbers in some of Meta's samples."""

    previous_owner_app_id: str | int | None = None
    new_owner_app_id: str | int | None = None
    requested_owner_app_id: str | int | None = None
    metadata: str | None = None


class AccountLinking(Wire, frozen=True):
    """Key `account_linking`: `{"status":"linked"|"unlinked","authorization_code"}`."""

    status: str | None = None
    authorization_code: str | None = None


class ResponseFeedback(Wire, frozen=True):
    """Key `response_feedback`: `{"feedback":"Good response"|"Bad response","mid"}`."""

    feedback: str | None = None
    mid: str | None = None


class PriorMessage(Wire, frozen=True):
    """Beside a message or postback: what the business had sent to a `user_ref` before."""

    source: str | None = None
    identifier: str | None = None


class Item(Wire, frozen=True):
    """One item: two parties, a time, and one key that says what happened."""

    sender: User | None = None
    recipient: User | None = None
    timestamp: Any = None
    message: Message | None = None
    message_edit: MessageEdit | None = None
    postback: Postback | None = None
    reaction: Reaction | None = None
    delivery: Delivery | None = None
    read: Read | None = None
    referral: Referral | None = None
    optin: Optin | None = None
    optout: Any = None
    pass_thread_control: ThreadControl | None = None
    take_thread_control: ThreadControl | None = None
    request_thread_control: ThreadControl | None = None
    app_roles: dict[str, Any] | None = None
    account_linking: AccountLinking | None = None
    policy_enforcement: dict[str, Any] | None = None
    policy_enforcement_hyphenated: dict[str, Any] | None = field(default=None, name="policy-enforcement")
    messaging_feedback: dict[str, Any] | None = None
    messaging_customer_information: dict[str, Any] | None = None
    response_feedback: ResponseFeedback | None = None
    order: dict[str, Any] | None = None
    game_play: dict[str, Any] | None = None
    prior_message: PriorMessage | None = None
