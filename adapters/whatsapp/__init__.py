"""WhatsApp: the webhooks of the Cloud API, as events.

An envelope holds entries (one per WhatsApp Business Account), an entry holds changes, and the value of a
change holds arrays of items: messages, statuses, calls, echoes and more, mixed as it comes. Meta,
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import hashlib

from adapters._graph.usage import usage
from adapters._meta import challenge, entries, verify
from adapters.base import Decoded, Inbound, Quarantined
from adapters.whatsapp import entry
from adapters.whatsapp.element import PLATFORM as NAME
from adapters.whatsapp.sending import (
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
from adapters.whatsapp.usual import usual

__all__ = [
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

OBJECT = "whatsapp_business_account"


def decode(inbound: Inbound) -> list[Decoded | Quarantined]:
    """Every element of the body as an event. Never raises; what is not readable is quarantined."""
    one = usual(inbound.body)
    return general(inbound.body) if one is None else [one]


def general(body: bytes) -> list[Decoded | Quarantined]:
    """The long way, which takes whatever comes."""
    sha256 = hashlib.sha256(body).hexdigest()
    found: list[Decoded | Quarantined] = []
    for each in entries(body):
        if isinstance(each, Quarantined):
            found.append(each)
        else:
            found += entry.read(each, sha256)
    return found
