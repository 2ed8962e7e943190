"""What tells Messenger and Instagram apart when something is sent."""

from collections.abc import Mapping

from msgspec import Struct

from adapters._limits import within, within_bytes
from adapters.outgoing import MessageTag, RecipientKind


class Accent(Struct, frozen=True, kw_only=True):
    """One of the two platforms."""

    platform: str
    person_kind: RecipientKind
    recipients: Mapping[RecipientKind, str]
    """Kind → the member of `recipient` that its value stands in."""
    tags: frozenset[MessageTag]
    reactions: Mapping[str, str]
    """Emoji → Meta's name for it."""
    text_characters: int | None = None
    text_bytes: int | None = None
    calls: bool = False
    """Whether a button can call a telephone number."""
    quick_reply_images: bool = False
    upload_platform: str | None = None
    """What an upload must say the media is for."""

    def text(self, text: str, field: str) -> str:
        """The text, if the platform takes it. Raises Unsendable."""
        if self.text_bytes is not None:
            return within_bytes(text, self.text_bytes, field)
        return text if self.text_characters is None else within(text, self.text_characters, field)
