"""Small Messenger and Instagram envelopes, and what their adapters make of them."""

import json
from typing import Any

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound, Quarantined
from adapters.event import Event

PAGE, PSID = "1001", "7001"
ACCOUNT, IGSID = "17841400000000042", "9001"
TIME = 1764009200123

OBJECTS = {"facebook": "page", "instagram": "instagram"}


def body(envelope: Any) -> bytes:
    """JSON as Meta writes it: no spaces, nothing but ASCII, slashes escaped."""
    return json.dumps(envelope, separators=(",", ":")).replace("/", "\\/").encode()


def envelope(
    *items: Any, container: str = "messaging", platform: str = "facebook", page: str = PAGE
) -> dict[str, Any]:
    """One entry with these items in one container."""
    return {"object": OBJECTS[platform], "entry": [{"id": page, "time": TIME + 250, container: list(items)}]}


def inbound(**keys: Any) -> dict[str, Any]:
    """An item that a person sends to the page."""
    return {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "timestamp": TIME, **keys}


def outbound(**keys: Any) -> dict[str, Any]:
    """An item that the page sends to the person."""
    return {"sender": {"id": PAGE}, "recipient": {"id": PSID}, "timestamp": TIME, **keys}


def change(field: str, value: Any, **entry: Any) -> dict[str, Any]:
    """A change of the page."""
    changes = [{"field": field, "value": value}]
    return {"object": "page", "entry": [{"id": PAGE, "time": TIME // 1000, "changes": changes, **entry}]}


def decode(raw: Any, platform: str = "facebook") -> list[Decoded | Quarantined]:
    """Everything in an envelope or in bytes."""
    return ADAPTERS[platform].decode(Inbound(raw if isinstance(raw, bytes) else body(raw)))


def one(raw: Any, platform: str = "facebook") -> Decoded:
    """The only element of an envelope."""
    (decoded,) = decode(raw, platform)
    assert isinstance(decoded, Decoded)
    return decoded


def event(raw: Any, platform: str = "facebook") -> Event:
    """The event of the only element."""
    return one(raw, platform).event


def item_event(**keys: Any) -> Event:
    """The event of an item that a person sends to the page."""
    return event(envelope(inbound(**keys)))
