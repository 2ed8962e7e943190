"""Sample webhooks for `gateway dev`: one message per channel, in Meta's words and signed as Meta signs.

Every run gets fresh message ids, for a gateway drops what it has seen before.
"""

import json
import secrets

from msgspec import Struct

from adapters._meta import signature


class Sample(Struct, frozen=True, kw_only=True):
    """One webhook, ready to be posted to `/webhooks/{platform}`."""

    platform: str
    message_id: str
    body: bytes

    def headers(self, app_secret: str) -> dict[str, str]:
        """What Meta sends with it."""
        return {
            "content-type": "application/json",
            "x-hub-signature-256": f"sha256={signature(self.body, app_secret)}",
        }


def samples(now_ms: int) -> list[Sample]:
    """A Messenger, an Instagram and a WhatsApp message, all of this moment."""
    return [_messenger(now_ms), _instagram(now_ms), _whatsapp(now_ms)]


def _sample(platform: str, message_id: str, envelope: object) -> Sample:
    # Meta escapes non-ASCII and slashes before it signs; the bytes here look the same.
    text = json.dumps(envelope, separators=(",", ":")).replace("/", "\\/")
    return Sample(platform=platform, message_id=message_id, body=text.encode())


def _direct_message(kind: str, page: str, person: str, now_ms: int, message: dict[str, str]) -> object:
    item = {
        "sender": {"id": person},
        "recipient": {"id": page},
        "timestamp": now_ms,
        "message": message,
    }
    return {"object": kind, "entry": [{"id": page, "time": now_ms + 40, "messaging": [item]}]}


def _messenger(now_ms: int) -> Sample:
    mid = f"m_{secrets.token_urlsafe(24)}"
    message = {"mid": mid, "text": "Hello! Is the blue kettle back in stock?"}
    envelope = _direct_message("page", "102938475610293", "7241893650021847", now_ms, message)
    return _sample("facebook", mid, envelope)


def _instagram(now_ms: int) -> Sample:
    mid = f"aWdfZAG1{secrets.token_urlsafe(24)}"
    message = {"mid": mid, "text": "Love the new colours 💙"}
    envelope = _direct_message("instagram", "17841400731859264", "928374650192837465", now_ms, message)
    return _sample("instagram", mid, envelope)


def _whatsapp(now_ms: int) -> Sample:
    wamid = f"wamid.{secrets.token_urlsafe(30)}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550192837", "phone_number_id": "293847561029384"},
        "contacts": [{"profile": {"name": "Zoë Lindqvist"}, "wa_id": "46701740605"}],
        "messages": [
            {
                "from": "46701740605",
                "id": wamid,
                "timestamp": str(now_ms // 1000),
                "type": "text",
                "text": {"body": "Hej! When does my order arrive?"},
            }
        ],
    }
    change = {"value": value, "field": "messages"}
    envelope = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "384756102938475", "changes": [change]}],
    }
    return _sample("whatsapp", wamid, envelope)
