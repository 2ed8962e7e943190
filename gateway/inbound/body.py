"""Reading a request's body off the wire, and no more of it than may be."""

from gateway.inbound.answers import Receive, Scope


class TooLarge(Exception):
    """The body is over the limit; the rest of it was not read."""


class ClientGone(Exception):
    """The sender hung up in the middle of its body."""


async def read(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as it is certain, ClientGone if it never ends."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise TooLarge
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= limit:
        return body
    return await _read_on(body, message["type"], receive, limit)


async def _read_on(begun: bytes, kind: str, receive: Receive, limit: int) -> bytes:
    body = bytearray(begun)
    more = True
    while more and kind == "http.request" and len(body) <= limit:
        message = await receive()
        kind = message["type"]
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > limit:
        raise TooLarge
    if kind != "http.request":
        raise ClientGone
    return bytes(body)
