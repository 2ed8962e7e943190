"""Pictures, videos, sounds, documents and stickers: by a public URL, or by the id of an upload."""

from adapters.outgoing.form import Form, Name, Url


class Source(Form, frozen=True, kw_only=True):
    """Where the media is: exactly one of the two."""

    url: Url | None = None
    """The platform fetches it; it must be public."""
    media_id: Name | None = None
    """From an upload: WhatsApp's media id, Messenger's and Instagram's attachment id."""

    def __post_init__(self) -> None:
        if (self.url is None) == (self.media_id is None):
            raise ValueError("Needs exactly one of `url` and `media_id`")


class ImageMessage(Source, frozen=True, kw_only=True, tag_field="type", tag="image"):
    """A picture."""

    caption: Name | None = None


class VideoMessage(Source, frozen=True, kw_only=True, tag_field="type", tag="video"):
    """A video."""

    caption: Name | None = None


class AudioMessage(Source, frozen=True, kw_only=True, tag_field="type", tag="audio"):
    """A sound."""

    voice: bool = False
    """Show it as a voice message; WhatsApp only, Ogg with Opus."""


class FileMessage(Source, frozen=True, kw_only=True, tag_field="type", tag="file"):
    """A document of any kind."""

    caption: Name | None = None
    filename: Name | None = None


class StickerMessage(Source, frozen=True, kw_only=True, tag_field="type", tag="sticker"):
    """A sticker; a picture on channels that have none."""


MediaMessage = ImageMessage | VideoMessage | AudioMessage | FileMessage | StickerMessage
