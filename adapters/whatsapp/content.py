"""What a message holds, in the words of the event: one reader per WhatsApp type.

A type that is not listed, and a listed one whose body is missing, becomes `unsupported` with Meta's own
word beside it: polls and messages "currently unavailable" (131060) arrive so. The first error beside a
message says why. Meta, "Messages webhook reference".
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from adapters._values import degrees, text, with_text_ids
from adapters.message import Attachment, Context, Location, Message, ReplyTo, Unsupported
from adapters.whatsapp import wire
from adapters.whatsapp.interactive import Parts, tap, template_button

Reader = Callable[[wire.Message], Parts | None]

_SHA256_BYTES = 32


def kind_of(given: wire.Message) -> str:
    """Meta's type of the message; where it is left out, the first body key tells it. Empty: no message."""
    return given.type or next((key for key in BODIES if getattr(given, key)), "")


def message(
    given: wire.Message, id: str | None, reasons: Sequence[wire.Error] = (), agent: Any = None
) -> Message:
    """The message under this id, with the errors beside it and what an agent said of the thread."""
    kind = kind_of(given)
    reader = _READERS.get(kind)
    parts = (reader(given) if reader else None) or {"type": "unsupported"}
    refused = given.unsupported.type if given.unsupported else None
    parts["original_type"] = refused or kind or None
    if reasons:
        parts["unsupported"] = Unsupported(code=text(reasons[0].code), title=_title(reasons[0]))
    if given.context is not None or agent is not None:
        parts |= _context(given.context or wire.Context(), agent)
    parts.setdefault("attachments", ())
    return Message(id=id, **parts)


def _title(reason: wire.Error) -> str | None:
    return reason.title or reason.message or None


def _context(given: wire.Context, agent: Any) -> Parts:
    product = with_text_ids(given.referred_product)
    context = Context(
        forwarded=given.forwarded,
        frequently_forwarded=given.frequently_forwarded,
        product=product,
        agent=agent,
    )
    return {
        "reply_to": ReplyTo(id=given.id) if given.id else None,
        "context": context if context != Context() else None,
    }


def _text(given: wire.Message) -> Parts | None:
    return {"type": "text", "body": given.text.body or None} if given.text else None


def _media(key: str, type: str) -> Reader:
    def read(given: wire.Message) -> Parts | None:
        media: wire.Media | None = getattr(given, key)
        if media is None:
            return None
        attachment = Attachment(
            type=type,
            original_type=key,
            storable=True,
            media_id=media.id or None,
            url=media.url or media.link or None,
            mime_type=media.mime_type or None,
            sha256=_hexadecimal(media.sha256),
            filename=media.filename or None,
            caption=media.caption or None,
            voice=media.voice or key == "voice",
            animated=media.animated,
        )
        return {"type": type, "body": attachment.caption, "attachments": (attachment,)}

    return read


def _hexadecimal(digest: str | None) -> str | None:
    """Meta writes the same digest in base64 or in hex; the event always in hex."""
    if not digest:
        return None
    try:
        plain = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return digest
    return plain.hex() if len(plain) == _SHA256_BYTES else digest


def _location(given: wire.Message) -> Parts | None:
    place = given.location
    if not isinstance(place, dict):
        return None
    location = Location(
        latitude=degrees(place.get("latitude")),
        longitude=degrees(place.get("longitude")),
        name=text(place.get("name")),
        address=text(place.get("address")),
        url=text(place.get("url")),
    )
    return {"type": "location", "location": location}


def _contacts(given: wire.Message) -> Parts | None:
    return {"type": "contacts", "contacts": with_text_ids(given.contacts)} if given.contacts else None


def _order(given: wire.Message) -> Parts | None:
    if not isinstance(given.order, dict):
        return None
    return {"type": "order", "body": text(given.order.get("text")), "order": with_text_ids(given.order)}


def _system(given: wire.Message) -> Parts | None:
    return {"type": "system", "body": given.system.body or None} if given.system else None


def _template(given: wire.Message) -> Parts | None:
    return {"type": "template", "template": with_text_ids(given.template)} if given.template else None


_READERS: dict[str, Reader] = {
    "text": _text,
    "image": _media("image", "image"),
    "video": _media("video", "video"),
    "audio": _media("audio", "audio"),
    "voice": _media("voice", "audio"),
    "document": _media("document", "file"),
    "sticker": _media("sticker", "sticker"),
    "location": _location,
    "contacts": _contacts,
    "interactive": tap,
    "button": template_button,
    "order": _order,
    "system": _system,
    "template": _template,
}

BODIES = (*_READERS, "reaction", "edit", "revoke", "unsupported", "errors")
"""The members that can hold what a message is about."""
