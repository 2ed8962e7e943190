"""Leaving fields of an event out for one endpoint. Pure, and the same on every attempt."""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

from msgspec import json

Field = Literal[
    "call",
    "comment.text",
    "contact.identities",
    "contact.name",
    "contact.username",
    "feed",
    "feedback",
    "from",
    "group",
    "history",
    "lead",
    "mention",
    "message.attachments",
    "message.body",
    "message.contacts",
    "message.location",
    "order",
    "postback",
    "referral",
    "review",
    "to",
]
"""What can be left out: the object and its member, or a whole member of the event."""

_BODY = "message.body"
_ADDRESSES = frozenset(("contact.identities", "from", "to"))
_WAMID = "wamid."
"""WhatsApp's ids of messages begin so. The rest is base64, with the person's telephone number in it."""
_DIGEST_BYTES = 16


def redacted(body: bytes, fields: Sequence[str]) -> bytes:
    """The event without these fields, and without the platform's own JSON, which has them all.

    The text of a message goes wherever it stands. Without a person's address, ids that encode the telephone
    number go too: in their place is a hash, the same for the same message in every event.
    """
    event: dict[str, Any] = json.decode(body)
    for field in fields:
        _leave_out(event, field)
    source = event.get("raw")
    if isinstance(source, dict):
        source.pop("inline", None)
    return json.encode(event if _ADDRESSES.isdisjoint(fields) else _unnumbered(event))


def _leave_out(event: dict[str, Any], field: str) -> None:
    part, _, member = field.partition(".")
    if not member:
        event.pop(part, None)
        return
    held = event.get(part)
    if isinstance(held, dict):
        held.pop(member, None)
        if field == _BODY:
            for attachment in held.get("attachments", ()):
                attachment.pop("caption", None)


def _unnumbered(value: Any) -> Any:
    """The same with a hash for each id of WhatsApp's, wherever it stands."""
    if isinstance(value, dict):
        return {name: _unnumbered(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_unnumbered(part) for part in value]
    if isinstance(value, str) and value.startswith(_WAMID):
        # An id has a random part too, so nobody finds a number by trying all of them.
        return f"wamid_{hashlib.blake2b(value.encode(), digest_size=_DIGEST_BYTES).hexdigest()}"
    return value
