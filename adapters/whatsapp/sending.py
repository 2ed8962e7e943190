"""Sending from a WhatsApp number. Meta, "WhatsApp Cloud API: Send messages"."""

from collections.abc import Mapping

from adapters._graph import answer, media, subscription
from adapters._graph.edge import FACEBOOK, edge
from adapters.base import Identity
from adapters.parts import Error
from adapters.profile import NoProfile, Profile
from adapters.sending import Account, MediaLink, Request, SendError, Sent, Unsendable
from adapters.subscription import Subscription
from adapters.whatsapp.send.errors import ERRORS
from adapters.whatsapp.send.request import request
from adapters.whatsapp.send.upload import upload
from adapters.window import ReplyWindow

__all__ = [
    "WINDOW",
    "failure",
    "history_request",
    "history_result",
    "media_request",
    "media_result",
    "profile_request",
    "profile_result",
    "request",
    "result",
    "subscribe_request",
    "subscriptions_request",
    "subscriptions_result",
    "upload",
]

WINDOW = ReplyWindow(templates=True)


def result(status: int, headers: Mapping[str, str], body: bytes) -> Sent | SendError:
    """What the answer to a request means."""
    return answer.result(status, headers, body, ERRORS)


def failure(error: Error) -> SendError:
    """What the error of a failed status means."""
    return answer.failure(error, ERRORS)


def profile_request(identity: Identity, account: Account) -> Request:
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


def _waba(account: Account) -> str:
    if account.waba_id is None:
        raise Unsendable("invalid", "account.waba_id", "is needed: apps are subscribed to the whole WABA")
    return account.waba_id
