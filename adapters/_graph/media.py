"""{"url":"https://…","mime_type":"image/jpeg","sha256":"…","file_size":"303833","id":"…"}

The size is documented as text and sent as a number. Meta, "WhatsApp: Media".
"""

from collections.abc import Mapping

from adapters._graph.answer import result
from adapters._graph.meaning import Meanings
from adapters._values import mapping, text, untyped
from adapters.sending import MediaLink, SendError


def link(status: int, headers: Mapping[str, str], body: bytes, table: Meanings) -> MediaLink | SendError:
    """Where the media are."""
    outcome = result(status, headers, body, table)
    if isinstance(outcome, SendError):
        return outcome
    given = mapping(untyped(body))
    url, size = text(given.get("url")), text(given.get("file_size")) or ""
    if url is None:
        return SendError(code="invalid", retryable=False, status=status, title="The media have no URL")
    return MediaLink(
        url=url,
        mime_type=text(given.get("mime_type")),
        sha256=text(given.get("sha256")),
        size=int(size) if size.isascii() and size.isdigit() else None,
    )
