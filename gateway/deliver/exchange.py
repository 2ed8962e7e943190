"""One HTTP request to a receiver and what came of it, as values."""

from typing import Literal

from msgspec import Struct

BODY_LIMIT = 16 * 1024
"""Bytes of an answer's body that are read; whatever follows is cut off, which is no error."""

SHOWN_HEADERS = (
    *("content-type", "location", "retry-after", "server", "via", "webhook-delivery", "www-authenticate"),
    *("x-request-id", "cf-ray"),
)
"""Those of an answer that tell who answered, and what it wants."""

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
    """Those of SHOWN_HEADERS that the receiver sent, by lower-case name."""
    body: bytes
    """At most BODY_LIMIT bytes."""
    duration_ms: int
    error: Error | None
    """`internal` is our own fault (a dead resolver, no free descriptor) and not the receiver's."""
    detail: str | None
    """One sentence for the customer, beside an error."""
    sent: tuple[tuple[str, str], ...] = ()
    """The request's headers, once it was on the wire."""


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
