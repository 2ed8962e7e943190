"""What the webhook endpoint says: short, fixed answers that tell a stranger nothing."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

REFUSED = b"The signature of this request does not prove that it comes from the platform.\n"
WRONG_TOKEN = b"This is not a subscription handshake with our verify token.\n"
TOO_LARGE = b"The body is larger than 4 MiB.\n"
NOT_FOUND = b"No platform has its webhooks here.\n"
NOT_ALLOWED = b"Webhooks are sent with POST, handshakes with GET.\n"
UNAVAILABLE = b"The event could not be stored. Send it again.\n"

_PLAIN = (b"content-type", b"text/plain; charset=utf-8")
_NO_SNIFF = (b"x-content-type-options", b"nosniff")
_TAKEN = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
_EMPTY = {"type": "http.response.body", "body": b""}


async def taken(send: Send) -> None:
    """200: what came is durable."""
    await send(_TAKEN)
    await send(_EMPTY)


async def answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    """An answer, in plain text unless the headers say otherwise."""
    length = (b"content-length", str(len(body)).encode())
    named = {name for name, _ in headers}
    usual = [] if b"content-type" in named else [_PLAIN]
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [*usual, _NO_SNIFF, length, *headers],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
