"""`message.attachment` of media. Meta fetches a URL itself; an upload is named by its id."""

from adapters._messenger.send.accent import Accent
from adapters._rendering import Rendering, in_turn, rendered, warn, without_absent
from adapters.outgoing import (
    AudioMessage,
    FileMessage,
    ImageMessage,
    Source,
    StickerMessage,
    VideoMessage,
)


def picture(message: ImageMessage, accent: Accent) -> Rendering:
    """A picture, and its caption after it."""
    return _captioned("image", message, message.caption, accent)


def video(message: VideoMessage, accent: Accent) -> Rendering:
    """A video, and its caption after it."""
    return _captioned("video", message, message.caption, accent)


def audio(message: AudioMessage, accent: Accent) -> Rendering:
    """A sound."""
    voice = warn(message.voice, "message.voice", "The channel knows no voice messages: it is a sound.")
    return rendered(attachment("audio", message), voice)


def document(message: FileMessage, accent: Accent) -> Rendering:
    """A document, and its caption after it."""
    named = warn(message.filename, "message.filename", "The channel shows the file under its own name.")
    after = _captioned("file", message, message.caption, accent)
    return Rendering(bodies=after.bodies, warnings=(*after.warnings, *((named,) if named else ())))


def sticker(message: StickerMessage, accent: Accent) -> Rendering:
    """A sticker as a picture."""
    detail = "The channel takes no stickers: it is sent as a picture."
    return rendered(attachment("image", message), warn(True, "message.type", detail))


def attachment(kind: str, source: Source) -> dict[str, object]:
    """A `message` with media in it."""
    payload = without_absent({"url": source.url, "attachment_id": source.media_id})
    return {"attachment": {"type": kind, "payload": payload}}


def _captioned(kind: str, source: Source, caption: str | None, accent: Accent) -> Rendering:
    media = rendered(attachment(kind, source))
    if caption is None:
        return media
    text = {"text": accent.text(caption, "message.caption")}
    detail = "The channel has no captions: the text is sent as a message of its own."
    return in_turn(media, rendered(text, warn(True, "message.caption", detail)))
