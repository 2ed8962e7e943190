"""Messenger, and the Page around it: `"object":"page"`.

Meta, "Messenger Platform: Webhooks Reference" and "Graph API: Webhooks Reference: Page".
"""

from adapters._messenger.channel import Channel
from adapters._messenger.decoding import decode as _decode
from adapters._meta import challenge, verify
from adapters.base import Decoded, Inbound, Quarantined
from adapters.facebook.changes import CHANGES

__all__ = ["CHANNEL", "NAME", "OBJECT", "challenge", "decode", "verify"]

NAME = "facebook"
OBJECT = "page"

CHANNEL = Channel(platform=NAME, object=OBJECT, account_kind="page", person_kind="psid", changes=CHANGES)


def decode(inbound: Inbound) -> list[Decoded | Quarantined]:
    """Every element of the body, in its order; never raises."""
    return _decode(inbound, CHANNEL)
