"""What belongs to nobody in particular, as records for another store."""

from gateway.store.record import Record
from gateway.store.records import Configuration
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay


class Setup(Record, frozen=True, kw_only=True):
    """The whole configuration, secrets opened, and whose the deleted endpoints were."""

    configuration: Configuration
    owners: dict[str, str]


class QuarantineRecord(Record, frozen=True, kw_only=True):
    """Signed bytes that could not be read."""

    at: int
    """The moment that its key stands for."""
    platform: str
    received_at: int
    reason: str
    pointer: str
    body: bytes


class KeyedRecord(Record, frozen=True, kw_only=True):
    """A request under an `Idempotency-Key`; the answer is sealed, for the place that `key` names."""

    key: bytes
    fingerprint: bytes
    begun_at: int
    answer: bytes | None


class ReplayRecord(Record, frozen=True, kw_only=True):
    """A replay, and the last event that it has looked at."""

    number: int
    """Its place among all replays."""
    replay: Replay
    due_at: int | None
    """None: it has ended."""
    reached: str | None


class RenormalisationRecord(Record, frozen=True, kw_only=True):
    """A re-normalisation, and how far it has come."""

    number: int
    """Its place among all of them."""
    run: Renormalisation
    """Without its position, which only one store can read."""
    due_at: int | None
    """None: it has ended."""
    reached: str | None
    """The last event that it has looked at; None: none that is still there."""
    unreadable: int | None
    """How much of the quarantine it has looked at; None: it is still among the events."""


class LeavingRecord(Record, frozen=True, kw_only=True):
    """The last event up to which all of a customer's are known as events whose contents go early."""

    customer_id: str
    reached: str


class PlaceRecord(Record, frozen=True, kw_only=True):
    """The last event that an endpoint that pulls has acknowledged; None: nothing that is still there."""

    endpoint_id: str
    reached: str | None
