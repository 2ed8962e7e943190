"""Attachments: Meta's many words for them, and what it sends twice.

Meta, "Messenger Platform: messages webhook event" and "Instagram Messaging: Webhooks" (attachments).
"""

from collections import Counter
from typing import Any

from adapters._messenger import wire
from adapters._values import degrees, mapping, text, with_text_ids
from adapters.message import Attachment, Location

_TYPES = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "sticker": "sticker",
    "like_heart": "sticker",
    "location": "location",
    "template": "template",
    "appointment_booking": "template",
    "story_mention": "story_mention",
    "fallback": "share",
    "share": "share",
    "post": "share",
    "ig_post": "share",
    "reel": "share",
    "ig_reel": "share",
    "story": "share",
    "ig_story": "share",
}
"""Anything else is `unsupported`: `ephemeral` (gone before we see it), `unsupported_type`, new words."""
_MEDIA_IDS = ("sticker_id", "reel_video_id", "ig_post_media_id", "story_media_id", "id")
_URLS = ("url", "story_media_url")
_READ = frozenset([*_MEDIA_IDS, *_URLS, "title"])
_NOT_STORABLE = ("share", "story_mention", "unsupported")
"""Meta's terms let a business keep what a person sends it, but not other people's stories and posts."""


def attachments(message: wire.Message) -> tuple[Attachment, ...]:
    """The attachments of a message, each once."""
    if not message.attachments:
        return ()
    legacy_sticker = text(message.sticker_id)
    return _each_once([_attachment(given, legacy_sticker) for given in message.attachments])


def _attachment(given: wire.Attachment, legacy_sticker: str | None) -> Attachment:
    original = given.type or "attachment"
    details = mapping(given.payload)
    sticker = text(details.get("sticker_id")) or legacy_sticker
    kind = "sticker" if original == "image" and sticker else _TYPES.get(original, "unsupported")
    return Attachment(
        type=kind,
        original_type=original,
        storable=kind not in _NOT_STORABLE,
        url=_first(details, _URLS) or given.url or given.old_url or _address(given.payload),
        media_id=sticker if kind == "sticker" else _first(details, _MEDIA_IDS),
        title=text(details.get("title")) or given.title or None,
        payload=_rest(details),
    )


def _first(details: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = text(details.get(name))
        if value is not None:
            return value
    return None


def _address(payload: Any) -> str | None:
    """A payload that is no object but the URL itself."""
    return payload if type(payload) is str and "://" in payload else None


def _rest(details: dict[str, Any]) -> dict[str, Any] | None:
    rest = {name: value for name, value in details.items() if name not in _READ}
    return with_text_ids(rest) if rest else None


def _each_once(found: list[Attachment]) -> tuple[Attachment, ...]:
    """Without the older twin of a sticker (`image`) and of an Instagram post (`share`).

    While Meta moves from one word to the other it sends both: the same `sticker_id` twice, or a
    `share` beside the `ig_post`.
    """
    if len(found) == 1:
        return (found[0],)
    twins = Counter(filter(None, map(_twin, found)))
    kept = []
    for attachment in found:
        key = _key(attachment)
        if twins[key]:
            twins[key] -= 1
        else:
            kept.append(attachment)
    return tuple(kept)


def _twin(newer: Attachment) -> tuple[str, str | None] | None:
    """What the older twin of an attachment looks like."""
    if newer.original_type == "sticker" and newer.media_id:
        return "image", newer.media_id
    return ("share", None) if newer.original_type == "ig_post" else None


def _key(attachment: Attachment) -> tuple[str, str | None]:
    original = attachment.original_type
    return original, attachment.media_id if original == "image" else None


def location(message: wire.Message) -> Location | None:
    """The place of the first attachment that is one: `{"coordinates":{"lat","long"}}`."""
    for given in message.attachments or ():
        if given.type == "location":
            coordinates = mapping(mapping(given.payload).get("coordinates"))
            return Location(
                latitude=degrees(coordinates.get("lat")),
                longitude=degrees(coordinates.get("long")),
                name=given.title or None,
                url=given.url or None,
            )
    return None
