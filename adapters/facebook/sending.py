"""Sending as a Page. Meta, "Messenger Platform: Send API"."""

from collections.abc import Mapping

from adapters._graph import answer, holder, media, subscription
from adapters._graph.edge import edge
from adapters._messenger import history, profile
from adapters._messenger.send import request as requests
from adapters._messenger.send import upload as uploads
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.errors import ERRORS
from adapters._messenger.send.route import host, node
from adapters.backlog import Backlog
from adapters.base import Identity
from adapters.holder import Holder
from adapters.outgoing import Outgoing
from adapters.parts import Error
from adapters.profile import NoProfile, Profile, ProfileFields
from adapters.sending import Account, MediaLink, Prepared, Request, SendError, Sent, Unsendable, Upload
from adapters.subscription import Subscription
from adapters.window import DAY, ReplyWindow

ACCENT = Accent(
    platform="facebook",
    person_kind="psid",
    recipients={
        "psid": "id",
        "user_ref": "user_ref",
        "phone": "phone_number",
        "comment": "comment_id",
        "post": "post_id",
    },
    tags=frozenset({"HUMAN_AGENT", "CUSTOMER_FEEDBACK"}),
    reactions={
        "❤": "love",
        "😍": "love",
        "😆": "smile",
        "😮": "wow",
        "😢": "sad",
        "😠": "angry",
        "👍": "like",
        "👎": "dislike",
    },
    text_characters=2000,
    calls=True,
    quick_reply_images=True,
)
WINDOW = ReplyWindow(human_agent_seconds=7 * DAY, utility_templates=True)
PROFILE = ProfileFields(
    usual=("first_name", "last_name", "name", "profile_pic"),
    granted=("locale", "timezone", "gender", "is_payment_enabled", "last_ad_referral"),
)
_SUBSCRIBED = (
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "messaging_account_linking",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "standby",
)
"""Not `response_feedback`, which puts thumbs under every message of the Page."""


def request(outgoing: Outgoing, account: Account) -> Prepared:
    """The requests that send it, in their order. Raises Unsendable."""
    return requests.request(outgoing, account, ACCENT)


def result(status: int, headers: Mapping[str, str], body: bytes) -> Sent | SendError:
    """What the answer to one of them means."""
    return answer.result(status, headers, body, ERRORS)


def failure(error: Error) -> SendError:
    """What an error that came by webhook means."""
    return answer.failure(error, ERRORS)


def upload(media: Upload, account: Account) -> Request:
    """The request that uploads media."""
    return uploads.upload(media, account, ACCENT)


def profile_request(identity: Identity, account: Account, fields: tuple[str, ...]) -> Request:
    """The request for some fields of a person's profile. Raises Unsendable."""
    return profile.request(identity, account, fields, ACCENT)


def profile_result(status: int, headers: Mapping[str, str], body: bytes) -> Profile | NoProfile | SendError:
    """What the platform says about the person."""
    return profile.answer(status, headers, body, ERRORS)


def history_request(identity: Identity, account: Account) -> Request:
    """The request for a person's most recent messages. Raises Unsendable."""
    return history.request(identity, account, ACCENT)


def history_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> tuple[bytes, ...] | SendError:
    """The messages as envelopes for `decode`, one each, oldest first."""
    return history.envelopes(status, headers, body, ("page", account.page_id), ERRORS)


def backlog_request(account: Account, after: str | None) -> Request:
    """The request for what everybody wrote last."""
    return history.backlog_request(account, after, ACCENT)


def backlog_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> Backlog | SendError:
    """Some conversations with their messages."""
    return history.backlog(status, headers, body, ("page", account.page_id), ERRORS)


def media_request(media_id: str, account: Account) -> Request:
    """Always raises Unsendable: media come with their URL."""
    raise Unsendable("unsupported", "media_id", "is not how this channel names media: they have a URL")


def media_result(status: int, headers: Mapping[str, str], body: bytes) -> MediaLink | SendError:
    """Where the media are, as somebody who asked all the same was told."""
    return media.link(status, headers, body, ERRORS)


def subscribe_request(account: Account) -> Request:
    """The request that lets the app of the token hear of the account's events."""
    fields = _SUBSCRIBED
    return subscription.subscribe(host(account, ACCENT), node(account, ACCENT), fields)


def subscriptions_request(account: Account) -> Request:
    """The request for the apps that hear of the account's events."""
    return subscription.subscribed(host(account, ACCENT), node(account, ACCENT))


def subscriptions_result(
    status: int, headers: Mapping[str, str], body: bytes
) -> tuple[Subscription, ...] | SendError:
    """The apps that hear of them."""
    return subscription.subscriptions(status, headers, body, ERRORS)


def unsubscribe_request(account: Account) -> Request:
    """The request that lets the app of the token hear no more of the account's events."""
    return subscription.unsubscribe(host(account, ACCENT), node(account, ACCENT))


def scopes(account: Account) -> tuple[str, ...]:
    """The permissions without which the gateway cannot work for a Page."""
    return ("pages_messaging", "pages_manage_metadata")


def holder_request(account: Account) -> Request:
    """The request for the Page that a token speaks for."""
    query = {"fields": "id,name"}
    return Request(method="GET", host=host(account, ACCENT), path=edge("me"), query=query)


def holder_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> Holder | SendError:
    """That Page; the person where it is a person's token."""
    return holder.held(status, headers, body, ERRORS, lambda given: holder.named(given, "id", "name"))
