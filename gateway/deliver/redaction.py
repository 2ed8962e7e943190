"""Leaving fields of an event out for one endpoint. Pure, and the same on every attempt."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import json

Field = Literal[
    "comment.text",
    "contact.identities",
    "contact.name",
    "contact.username",
    "from",
    "message.attachments",
    "message.body",
    "message.contacts",
    "message.location",
    "referral",
    "to",
]
"""What can be left out: the object and its member, or a whole member of the event."""


def redacted(body: bytes, fields: Sequence[str]) -> bytes:
    """The event without these fields, and without the platform's own JSON, which has them all."""
    event: dict[str, Any] = json.decode(body)
    for field in fields:
        part, _, member = field.partition(".")
        if member:
            held = event.get(part)
            if isinstance(held, dict):
                held.pop(member, None)
        else:
            event.pop(part, None)
    source = event.get("raw")
    if isinstance(source, dict):
        source.pop("inline", None)
    return json.encode(event)
