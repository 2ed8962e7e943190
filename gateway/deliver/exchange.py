"""One HTTP request to a receiver and what came of it, as values."""

from typing import Literal

from msgspec import Struct

BODY_LIMIT = 16 * 1024
"""Bytes of an answer's body that are read; whatever follows is cut off, which is no error."""

Error = Literal[
    "dns", "connect", "tls", "timeout", "reset", "redirect", "too_large", "blocked_address", "internal"
]


class Request(Struct, frozen=True, kw_only=True):
    """A POST to a receiver."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timeout_ms: int
    """For the whole exchange, from the call of `send` to the last byte of the answer."""


class Exchange(Struct, frozen=True, kw_only=True):
    """What came of a request. It was answered in full if `error` is None, whatever the status is."""

    status: int | None
    """Also beside an error, if the answer had begun."""
    headers: dict[str, str]
    """`retry-after` and `webhook-delivery`, where the receiver sent them."""
    body: bytes
    """At most BODY_LIMIT bytes."""
    duration_ms: int
    error: Error | None
    """`internal` is our own fault (a dead resolver, no free descriptor) and not the receiver's."""
    detail: str | None
    """One sentence for the customer, beside an error."""


class Failure(Struct, frozen=True, kw_only=True):
    """Why there is no answer."""

    error: Error
    detail: str


def unsent(reason: Failure, duration_ms: int = 0) -> Exchange:
    """The exchange that never took place."""
    return Exchange(
        status=None,
        headers={},
        body=b"",
        duration_ms=duration_ms,
        error=reason.error,
        detail=reason.detail,
    )
