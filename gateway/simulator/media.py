"""Files that Meta keeps: uploaded by a business, or sent by a person."""

import base64
import hashlib

from msgspec import Struct

from gateway.simulator.chance import Chance
from gateway.simulator.clock import DAY, MINUTE

URL_LIFE_MS = 5 * MINUTE
UPLOADED_LIFE_MS = 30 * DAY
RECEIVED_LIFE_MS = 7 * DAY

MEGABYTE = 1024 * 1024
WHATSAPP_TYPES = {
    "image": ({"image/jpeg", "image/png"}, 5 * MEGABYTE),
    "video": ({"video/mp4", "video/3gpp"}, 16 * MEGABYTE),
    "audio": ({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, 16 * MEGABYTE),
    "document": (
        {
            "application/pdf", "text/plain", "application/msword", "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        },
        100 * MEGABYTE,
    ),
    "sticker": ({"image/webp"}, 500 * 1024),
}  # fmt: skip
"""What WhatsApp takes: types and size, by kind of message."""

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""What people send when they send a file."""


class Medium(Struct, kw_only=True):
    """One file."""

    id: str
    asset: str
    """The number, Page or account it belongs to."""
    content: bytes
    mime_type: str
    kept_until_ms: int
    url_token: str = ""
    url_until_ms: int = 0
    """The address that was given out last, and until when it works."""

    @property
    def sha256(self) -> str:
        """Hex, as `GET /{media_id}` gives it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """Base64, as webhooks give it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class Shelf:
    """All files, and the addresses under which they can be fetched."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._media: dict[str, Medium] = {}

    def keep(self, asset: str, content: bytes, mime_type: str, until_ms: int) -> Medium:
        """Put a file on the shelf."""
        medium = Medium(
            id=self._chance.digits(16),
            asset=asset,
            content=content,
            mime_type=mime_type,
            kept_until_ms=until_ms,
        )
        self._media[medium.id] = medium
        return medium

    def find(self, media_id: str, now_ms: int) -> Medium | None:
        """A file that is still kept."""
        medium = self._media.get(media_id)
        return medium if medium and now_ms < medium.kept_until_ms else None

    def remove(self, media_id: str) -> None:
        """Take it away."""
        del self._media[media_id]

    def address(self, medium: Medium, base_url: str, now_ms: int) -> str:
        """A fresh address that works for five minutes; the one before stops working."""
        medium.url_token = self._chance.text(24)
        medium.url_until_ms = now_ms + URL_LIFE_MS
        expiry = medium.url_until_ms // 1_000
        path = "/whatsapp_business/attachments/"
        return f"{base_url}{path}?mid={medium.id}&source=webhook&ext={expiry}&hash={medium.url_token}"

    def public_address(self, medium: Medium, base_url: str) -> str:
        """The address that Messenger and Instagram put into a webhook: signed, no token needed."""
        medium.url_token = medium.url_token or self._chance.text(24)
        return f"{base_url}/v/t1.15752-9/{medium.id}_n?_nc_cat=104&oh={medium.url_token}"


def kind_of(mime_type: str) -> str | None:
    """The kind of WhatsApp message that a type belongs to; parameters such as a codec do not matter."""
    plain = mime_type.partition(";")[0].strip()
    return next((kind for kind, (types, _) in WHATSAPP_TYPES.items() if plain in types), None)
