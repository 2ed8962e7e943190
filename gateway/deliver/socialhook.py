"""The shape that handlers written for SocialHook read (its payload reference, 2026): three events, flat.

It is the native event with more keys beside its own: `webhook_id` everywhere, `account_id` on Instagram,
`profile.name`, `story_id` on a story reply, and in the message `text` and `media_url`. Two values differ
on WhatsApp: a phone number has its plus, and a file is a `document`.
"""

from typing import Any

from msgspec import Raw, Struct, field, json

CARRIED = frozenset(("message.received", "conversation.started", "status.update"))


class _Contact(Struct):
    name: str | None = None


class _Attachment(Struct):
    url: str | None = None


class _Story(Struct):
    id: str | None = None


class _ReplyTo(Struct):
    story: _Story | None = None


class _Message(Struct):
    type: str | None = None
    body: str | None = None
    attachments: list[_Attachment] = []
    reply_to: _ReplyTo | None = None


class _Event(Struct):
    event: str
    platform: str = ""
    page_id: str = ""
    sender: str | None = field(default=None, name="from")
    from_kind: str | None = None
    contact: _Contact | None = None
    message: _Message | None = None


_facts = json.Decoder(_Event)
_members = json.Decoder(dict[str, Raw])


def socialhook_event(body: bytes, webhook_id: str) -> bytes | None:
    """The event as SocialHook would send it; None if it would not."""
    event = _facts.decode(body)
    if event.event not in CARRIED:
        return None
    members: dict[str, Any] = {**_members.decode(body), "webhook_id": webhook_id, **_top_level(event)}
    if event.message:
        message = _members.decode(members["message"])
        members["message"] = {**message, **_message(event.platform, event.message)}
    return json.encode(members)


def _top_level(event: _Event) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if event.platform == "whatsapp" and event.from_kind == "wa_id" and event.sender:
        added["from"] = f"+{event.sender}"
    if event.platform == "instagram":
        added["account_id"] = event.page_id
    if event.contact and event.contact.name:
        added["profile"] = {"name": event.contact.name}
    story = event.message.reply_to.story if event.message and event.message.reply_to else None
    if story and story.id:
        added["story_id"] = story.id
    return added


def _message(platform: str, message: _Message) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if platform == "whatsapp" and message.type == "file":
        added["type"] = "document"
    if message.body is not None:
        added["text"] = message.body
    if message.attachments and message.attachments[0].url:
        added["media_url"] = message.attachments[0].url
    return added
