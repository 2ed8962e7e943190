"""A delivery in the hands of a process."""

from gateway.store.record import Record


class Job(Record, frozen=True, kw_only=True):
    """A delivery that this process has claimed: everything one attempt needs."""

    delivery_id: str
    endpoint_id: str
    event_id: str
    webhook_id: str
    """Of the event in its present revision; the same on every attempt."""
    body: bytes
    """The native event, complete."""
    claim: int
    """Fences late finishes: only the newest claim of a delivery can move it."""
    attempts: int
    """Attempts before this one in the present round of the schedule."""
    created_at: int
    conversation_id: str | None = None
    first_failed_at: int | None = None
    replay: bool = False
    format: str = "native"
    """The endpoint's when the delivery was made, or made anew: no attempt looks different from the first."""
    include_raw: bool = False
    """The same of the endpoint's `include_raw`."""
    place: tuple[int, int] = (0, 0)
    """The store's own key of the delivery, to be handed back with the outcome."""
