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
    WINDOW,
    failure,
    history_request,
    history_result,
    media_request,
    media_result,
    profile_request,
    profile_result,
    request,
    result,
    subscribe_request,
    subscriptions_request,
    subscriptions_result,
    upload,
)

__all__ = [
    "CHANNEL",
    "NAME",
    "OBJECT",
    "WINDOW",
    "challenge",
    "decode",
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
    "usage",
    "verify",
]

NAME = "facebook"
OBJECT = "page"

CHANNEL = Channel(platform=NAME, object=OBJECT, account_kind="page", person_kind="psid", changes=CHANGES)


def decode(inbound: Inbound) -> list[Decoded | Quarantined]:
    """Every element of the body, in its order; never raises."""
    return _decode(inbound, CHANNEL)
