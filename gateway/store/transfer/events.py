"""Events with their deliveries, as records for another store."""

from typing import Literal

from gateway.store.record import Record
from gateway.store.records import Arrival, Attempt


class SeenRecord(Record, frozen=True, kw_only=True):
    """An event that is known although it is not stored."""

    name: str
    """What its id is remembered as."""
    period: int


class DeliveryRecord(Record, frozen=True, kw_only=True):
    """A delivery. Leases end with the store that gave them."""

    endpoint_id: str
    state: Literal["untried", "tried", "behind", "delivered", "dead"]
    due_at: int | None
    claim: int
    tries: int
    first_failed_at: int | None
    replay: bool
    created_at: int
    in_line: bool
    format: str
    include_raw: bool
    finished_at: int | None
    attempts: tuple[tuple[int, Attempt], ...]
    """Claim number and what came of it."""


Content = Literal["kept", "leaving", "removed"]
"""`leaving`: it goes as soon as the event has been delivered."""


class EventRecord(Record, frozen=True, kw_only=True):
    """An event with its deliveries."""

    at: int
    """The moment that its key stands for: events come in the order of their keys."""
    id: str
    name: str
    platform: str
    page_id: str
    received_at: int
    customer_ids: tuple[str, ...]
    conversation_id: str | None
    body: bytes
    revision: int
    superseded_by: tuple[str, ...]
    envelope: bytes | None
    """None: too old, not wanted, or the gateway made the event."""
    content: Content
    """What becomes of what it says."""
    element: tuple[int, int] | None
    """None: the gateway made the event."""
    deliveries: tuple[DeliveryRecord, ...]
    """By endpoint."""


class HeldRecord(Record, frozen=True, kw_only=True):
    """An edit or deletion that waits for its message."""

    release_at: int
    arrival: Arrival


def held_order(record: HeldRecord) -> tuple[int, str, str, str]:
    """The order in which stores tell what waits; of one message and moment, as they came."""
    decoded = record.arrival.decoded
    return record.release_at, decoded.event.platform, decoded.event.page_id, decoded.target or ""
