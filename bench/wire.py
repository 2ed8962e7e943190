"""As much HTTP/1.1 as the load and the sink need: whole messages with a content-length (RFC 9112)."""

_END = b"\r\n\r\n"


def header(head: bytes, name: bytes) -> bytes:
    """The value of a header, named in lower case; empty if it is absent. `head` ends in CRLF."""
    at = head.lower().find(b"\r\n%b:" % name)
    if at < 0:
        return b""
    start = at + len(name) + 3
    return head[start : head.index(b"\r\n", start)].strip()


def message(data: bytes) -> tuple[bytes, bytes] | None:
    """The head and the body of the message in `data`; None while it is not complete.

    Nothing may follow the message: neither side sends a second one before the first is answered.
    """
    end = data.find(_END)
    if end < 0:
        return None
    head = data[: end + 2]
    start = end + len(_END)
    if len(data) < start + int(header(head, b"content-length") or 0):
        return None
    return head, data[start:]
