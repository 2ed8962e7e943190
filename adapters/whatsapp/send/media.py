"""Media: {"type":"image","image":{"id":"…"|"link":"…","caption":"…"}}."""

from adapters._limits import within
from adapters._rendering import Body, Rendering, rendered, without_absent
from adapters.outgoing import (
    AudioMessage,
    FileMessage,
    ImageMessage,
    Source,
    StickerMessage,
    VideoMessage,
)
from adapters.whatsapp.send.limits import CAPTION


def picture(message: ImageMessage) -> Rendering:
    """A picture."""
    return _media("image", message, caption=message.caption)


def video(message: VideoMessage) -> Rendering:
    """A video."""
    return _media("video", message, caption=message.caption)


def audio(message: AudioMessage) -> Rendering:
    """A sound, or a voice message."""
    return rendered({"type": "audio", "audio": source(message) | ({"voice": True} if message.voice else {})})


def document(message: FileMessage) -> Rendering:
    """A document."""
    return _media("document", message, caption=message.caption, filename=message.filename)


def sticker(message: StickerMessage) -> Rendering:
    """A sticker."""
    return _media("sticker", message)


def source(given: Source) -> Body:
    """Where the media is."""
    return without_absent({"id": given.media_id, "link": given.url})


def _media(kind: str, given: Source, *, caption: str | None = None, filename: str | None = None) -> Rendering:
    if caption is not None:
        within(caption, CAPTION, "message.caption")
    return rendered(
        {"type": kind, kind: without_absent({**source(given), "caption": caption, "filename": filename})}
    )
