"""The Conversations API: what was written while nobody listened, in the shape of a webhook.

    GET /{page}/conversations?platform=…&user_id=…&fields=messages.limit(20){…}
    {"data":[{"id":"t_1","messages":{"data":[{"id":"m_1","created_time":"2026-01-01T00:00:00+0000",
        "from":{"id":"…"},"to":{"data":[{"id":"…"}]},"message":"…"}]}}]}

Only the 20 most recent messages of a conversation have details. Decoding an envelope made here gives the
event id that the webhook would have had. Meta, "Messenger Platform: Conversations API".
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from adapters._graph import listing
from adapters._graph.answer import result
from adapters._graph.edge import edge
from adapters._graph.meaning import Meanings
from adapters._messenger.send.accent import Accent
from adapters._messenger.send.route import host, node
from adapters._rendering import without_absent
from adapters._values import mapping, milliseconds, text
from adapters.base import Identity
from adapters.sending import Account, Request, SendError, Unsendable

_FIELDS = "messages.limit(20){id,created_time,from,to,message,reply_to,attachments}"
_MEDIA = (("image_data", "image"), ("video_data", "video"))


def request(identity: Identity, account: Account, accent: Accent) -> Request:
    """The request for a person's most recent messages. Raises Unsendable."""
    if identity.kind != accent.person_kind:
        raise Unsendable("unsupported", "identity.kind", "has no history on this channel")
    platform = "instagram" if accent.platform == "instagram" else "messenger"
    query = {"platform": platform, "user_id": identity.value, "fields": _FIELDS}
    path = edge(node(account, accent), "conversations")
    return Request(method="GET", host=host(account, accent), path=path, query=query)


def envelopes(
    status: int, headers: Mapping[str, str], body: bytes, envelope: tuple[str, str], table: Meanings
) -> tuple[bytes, ...] | SendError:
    """One envelope per message, oldest first; `envelope` is its `object` and the id of its entry."""
    outcome = result(status, headers, body, table)
    if isinstance(outcome, SendError):
        return outcome
    kind, account_id = envelope
    items = sorted(_items(body, account_id), key=lambda item: int(item["timestamp"]))
    return tuple(
        msgspec.json.encode({"object": kind, "entry": [{"id": account_id, "messaging": [item]}]})
        for item in items
    )


def _items(body: bytes, account_id: str) -> Iterator[dict[str, Any]]:
    for conversation in listing.rows(body):
        for message in _data(conversation.get("messages")):
            item = _item(message, account_id)
            if item is not None:
                yield item


def _item(message: dict[str, Any], account_id: str) -> dict[str, Any] | None:
    """A messaging item; None where Meta keeps who, when or which message to itself."""
    sender = text(mapping(message.get("from")).get("id"))
    recipient = next((text(each.get("id")) for each in _data(message.get("to"))), None)
    mid, moment = text(message.get("id")), milliseconds(_iso(message.get("created_time")))
    if not (sender and recipient and mid and moment):
        return None
    said = {
        "mid": mid,
        "text": text(message.get("message")),
        "is_echo": True if sender == account_id else None,
        "reply_to": message.get("reply_to"),
        "attachments": [_attachment(each) for each in _data(message.get("attachments"))] or None,
    }
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": moment,
        "message": without_absent(said),
    }


def _attachment(given: dict[str, Any]) -> dict[str, Any]:
    """An attachment as webhooks have it."""
    for member, kind in _MEDIA:
        if url := text(mapping(given.get(member)).get("url")):
            return {"type": kind, "payload": {"url": url}}
    kind = "audio" if (text(given.get("mime_type")) or "").startswith("audio/") else "file"
    return {"type": kind, "payload": without_absent({"url": text(given.get("file_url"))})}


def _data(listing: Any) -> list[dict[str, Any]]:
    """The objects of a list within an object."""
    data = mapping(listing).get("data")
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _iso(value: Any) -> Any:
    """Meta writes the offset without its colon."""
    return f"{value[:-2]}:{value[-2:]}" if isinstance(value, str) and value.endswith("+0000") else value
