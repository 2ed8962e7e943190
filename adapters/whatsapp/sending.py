"""Sending from a WhatsApp number. Meta, "WhatsApp Cloud API: Send messages"."""

from collections.abc import Mapping
from typing import Any

from adapters._graph import answer, holder, listing, media, subscription
from adapters._graph.edge import FACEBOOK, edge
from adapters.backlog import Backlog
from adapters.base import Identity
from adapters.holder import Holder
from adapters.parts import Error
from adapters.profile import NoProfile, Profile, ProfileFields
from adapters.sending import Account, MediaLink, Request, SendError, Sent, Unsendable
from adapters.subscription import Subscription
from adapters.whatsapp.send.errors import ERRORS
from adapters.whatsapp.send.request import request
from adapters.whatsapp.send.upload import upload
from adapters.window import ReplyWindow

__all__ = [
    "PROFILE",
    "WINDOW",
    "backlog_request",
    "backlog_result",
    "failure",
    "history_request",
    "history_result",
    "holder_request",
    "holder_result",
    "media_request",
    "media_result",
    "profile_request",
    "profile_result",
    "request",
    "result",
    "scopes",
    "subscribe_request",
    "subscriptions_request",
    "subscriptions_result",
    "unsubscribe_request",
    "upload",
]

PROFILE = ProfileFields()
"""Nothing is asked for: every message brings `name` and, where there is one, `username`."""
WINDOW = ReplyWindow(templates=True)
_NUMBERS = "200"
"""More than a WABA may have."""


def result(status: int, headers: Mapping[str, str], body: bytes) -> Sent | SendError:
    """What the answer to a request means."""
    return answer.result(status, headers, body, ERRORS)


def failure(error: Error) -> SendError:
    """What the error of a failed status means."""
    return answer.failure(error, ERRORS)


def profile_request(identity: Identity, account: Account, fields: tuple[str, ...]) -> Request:
    """Always raises Unsendable: WhatsApp tells names in its webhooks only."""
    raise Unsendable("unsupported", "identity.kind", "has no profile on this channel")


def profile_result(status: int, headers: Mapping[str, str], body: bytes) -> Profile | NoProfile | SendError:
    """What an answer means to somebody who asked all the same."""
    outcome = result(status, headers, body)
    return outcome if isinstance(outcome, SendError) else NoProfile(reason="no_profile")


def history_request(identity: Identity, account: Account) -> Request:
    """Always raises Unsendable: WhatsApp keeps no messages for us."""
    raise Unsendable("unsupported", "identity.kind", "has no history on this channel")


def history_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> tuple[bytes, ...] | SendError:
    """Nothing, to somebody who asked all the same."""
    outcome = result(status, headers, body)
    return outcome if isinstance(outcome, SendError) else ()


def backlog_request(account: Account, after: str | None) -> Request:
    """Always raises Unsendable: WhatsApp keeps no messages for us."""
    raise Unsendable("unsupported", "platform", "keeps no messages that could be fetched afterwards")


def backlog_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> Backlog | SendError:
    """Nothing, to somebody who asked all the same."""
    outcome = result(status, headers, body)
    return outcome if isinstance(outcome, SendError) else Backlog(envelopes=(), after=None, oldest_ms=None)


def media_request(media_id: str, account: Account) -> Request:
    """The request for the URL of media; Meta checks that they are this number's."""
    query = {"phone_number_id": account.page_id}
    return Request(method="GET", host=FACEBOOK, path=edge(media_id), query=query)


def media_result(status: int, headers: Mapping[str, str], body: bytes) -> MediaLink | SendError:
    """Where the media are, for five minutes, and only with the account's token."""
    return media.link(status, headers, body, ERRORS)


def subscribe_request(account: Account) -> Request:
    """The request that lets the app of the token hear of the WABA's events. Raises Unsendable."""
    return subscription.subscribe(FACEBOOK, _waba(account))


def subscriptions_request(account: Account) -> Request:
    """The request for the apps that hear of the WABA's events. Raises Unsendable."""
    return subscription.subscribed(FACEBOOK, _waba(account))


def subscriptions_result(
    status: int, headers: Mapping[str, str], body: bytes
) -> tuple[Subscription, ...] | SendError:
    """The apps that hear of them."""
    return subscription.subscriptions(status, headers, body, ERRORS)


def unsubscribe_request(account: Account) -> Request:
    """The request that lets the app hear no more of the whole WABA. Raises Unsendable."""
    return subscription.unsubscribe(FACEBOOK, _waba(account))


def scopes(account: Account) -> tuple[str, ...]:
    """The permissions without which the gateway cannot work for a number."""
    return ("whatsapp_business_messaging", "whatsapp_business_management")


def holder_request(account: Account) -> Request:
    """The request for the number, in its WABA if that is said; only who speaks for it may see it."""
    query = {"fields": "id,verified_name"}
    if account.waba_id is None:
        return Request(method="GET", host=FACEBOOK, path=edge(account.page_id), query=query)
    path = edge(account.waba_id, "phone_numbers")
    return Request(method="GET", host=FACEBOOK, path=path, query={**query, "limit": _NUMBERS})


def holder_result(
    status: int, headers: Mapping[str, str], body: bytes, account: Account
) -> Holder | SendError:
    """The number, where the WABA has it."""

    def find(given: dict[str, Any]) -> Holder | None:
        found = [holder.named(each, "id", "verified_name") for each in (given, *listing.rows(body))]
        return next((each for each in found if each and each.id == account.page_id), None)

    return holder.held(status, headers, body, ERRORS, find)


def _waba(account: Account) -> str:
    if account.waba_id is None:
        raise Unsendable("invalid", "account.waba_id", "is needed: apps are subscribed to the whole WABA")
    return account.waba_id
