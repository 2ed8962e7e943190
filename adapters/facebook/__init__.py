"""Messenger, and the Page around it: `"object":"page"`.

Meta, "Messenger Platform: Webhooks Reference" and "Graph API: Webhooks Reference: Page".
"""

from adapters._graph.usage import usage
from adapters._messenger.channel import Channel
from adapters._messenger.decoding import decode as _decode
from adapters._meta import challenge, verify
from adapters.base import Decoded, Inbound, Quarantined
from adapters.facebook.changes import CHANGES
from adapters.facebook.sending import (
    PROFILE,
    WINDOW,
    backlog_request,
    backlog_result,
    failure,
    history_request,
    history_result,
    holder_request,
    holder_result,
    media_request,
    media_result,
    profile_request,
    profile_result,
    request,
    result,
    scopes,
    subscribe_request,
    subscriptions_request,
    subscriptions_result,
    unsubscribe_request,
    upload,
)

__all__ = [
    "CHANNEL",
    "NAME",
    "OBJECT",
    "PROFILE",
    "WINDOW",
    "backlog_request",
    "backlog_result",
    "challenge",
    "decode",
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
    "usage",
    "verify",
]

NAME = "facebook"
OBJECT = "page"

CHANNEL = Channel(platform=NAME, object=OBJECT, account_kind="page", person_kind="psid", changes=CHANGES)


def decode(inbound: Inbound) -> list[Decoded | Quarantined]:
    """Every element of the body, in its order; never raises."""
    return _decode(inbound, CHANNEL)
