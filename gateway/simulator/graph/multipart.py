"""`multipart/form-data` (RFC 7578), as uploads come in."""

from email.message import Message

from msgspec import Struct


class Part(Struct, frozen=True):
    """One field of a form."""

    name: str
    content: bytes
    filename: str | None
    content_type: str


def parts(content_type: str, body: bytes) -> list[Part]:
    """The fields in their order; empty if the body is no such form."""
    boundary = _header(content_type).get_param("boundary")
    if not isinstance(boundary, str):
        return []
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    disposition = _header(headers.get("content-disposition", ""))
    filename = disposition.get_param("filename")
    return Part(
        name=str(disposition.get_param("name") or ""),
        content=content,
        filename=filename if isinstance(filename, str) else None,
        content_type=headers.get("content-type", "text/plain"),
    )


def _header(value: str) -> Message:
    """A header with its parameters."""
    message = Message()
    message["content-type"] = value
    return message
