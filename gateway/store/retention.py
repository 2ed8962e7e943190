"""How long a store keeps what came in: a value of the store contract."""

from gateway.store.record import Record


class Retention(Record, frozen=True, kw_only=True):
    """Ages in milliseconds; what is older goes. Nothing that hangs on an event outlives it."""

    events_ms: int
    """Events with all that belongs to them, and replays since their end."""
    raw_ms: int
    """The platform's own bytes of events, and what could not be read. At most `events_ms`."""
    attempts_ms: int
    """Attempts since they were made. At most `events_ms`."""
