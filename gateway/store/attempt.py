"""An attempt as it is stored: one exchange with a receiver."""

from msgspec import field

from gateway.store.record import Record


class Attempt(Record, frozen=True, kw_only=True):
    """One HTTP exchange with a receiver, as it will be shown to the customer."""

    at: int
    duration_ms: int
    error: str | None = None
    """`dns connect tls timeout reset status redirect too_large blocked_address raw_expired`, or None."""
    status: int | None = None
    detail: str | None = None
    """One sentence on what went wrong."""
    response: str = ""
    """The first bytes of the answer's body."""
    request_headers: dict[str, str] = field(default_factory=dict)
    """What was sent, but for what follows from the rest; nothing secret. Empty: nothing was sent."""
    response_headers: dict[str, str] = field(default_factory=dict)
    """The main ones of the answer."""
