"""A store's content on its way into another one: a sequence of records for each kind of thing, oldest first.

A store that can be left has `dump(kind, after, limit)`, one that can be entered has `restore(stretch)`.
Records name things as the API does; numbers that only one store knows stay in `key`, which tells the order.
To carry a new kind over: a record here, its name in KINDS, a reader in the one store, a writer in the other.
"""

from typing import Literal

from msgspec import Struct

from gateway.store.record import Record
from gateway.store.records import Arrival, Attempt, Configuration
from gateway.store.replay import Replay

Kind = Literal[
    "setup", "contacts", "groups", "seen", "events", "held", "quarantine", "keyed", "replays", "places"
]
KINDS: tuple[Kind, ...] = (
    *("setup", "contacts", "groups", "seen", "events"),
    *("held", "quarantine", "keyed", "replays", "places"),
)
"""In the order in which they are carried over: what is named later has been written before."""


class Setup(Record, frozen=True, kw_only=True):
    """The whole configuration, secrets opened, and whose the deleted endpoints were."""

    configuration: Configuration
    owners: dict[str, str]


class IdentityRecord(Record, frozen=True, kw_only=True):
    """One identity of a contact."""

    platform: str
    kind: str
    scope: str
    value: str
    former: bool


class ConversationRecord(Record, frozen=True, kw_only=True):
    """A conversation as it stands."""

    key: int
    id: str
    platform: str
    page_id: str
    waba_id: str | None
    thread: str | None
    """The group; None with a person."""
    started: bool
    sequence: int
    last_inbound_at: int | None
    ended: tuple[str, ...]
    """Conversations that go on as this one."""
    watermarks: dict[str, int]


class ContactRecord(Record, frozen=True, kw_only=True):
    """A person with all that hangs on the person."""

    key: int
    id: str
    name: str | None
    username: str | None
    created_at: int
    identities: tuple[IdentityRecord, ...]
    conversations: tuple[ConversationRecord, ...]


class SeenRecord(Record, frozen=True, kw_only=True):
    """An event id that is known although no event is stored under it."""

    id: str
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


class EventRecord(Record, frozen=True, kw_only=True):
    """An event with its deliveries."""

    key: int
    at: int
    """The moment that its key stands for."""
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
    emptied: bool
    """Its content was removed."""
    element: tuple[int, int] | None
    """None: the gateway made the event."""
    deliveries: tuple[DeliveryRecord, ...]


class HeldRecord(Record, frozen=True, kw_only=True):
    """An edit or deletion that waits for its message."""

    release_at: int
    arrival: Arrival


class QuarantineRecord(Record, frozen=True, kw_only=True):
    """Signed bytes that could not be read."""

    at: int
    count: int
    """Tells those of one moment apart."""
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
    due_at: int
    reached: str | None


class PlaceRecord(Record, frozen=True, kw_only=True):
    """The last event that an endpoint that pulls has acknowledged; None: nothing that is still there."""

    endpoint_id: str
    reached: str | None


TransferRecord = (
    Setup
    | ContactRecord
    | ConversationRecord
    | SeenRecord
    | EventRecord
    | HeldRecord
    | QuarantineRecord
    | KeyedRecord
    | ReplayRecord
    | PlaceRecord
)


class Stretch(Struct, frozen=True, kw_only=True):
    """Some records of one kind."""

    kind: Kind
    records: tuple[TransferRecord, ...]
    cursor: str
    """Where the next stretch of this kind begins."""
    more: bool


class Progress(Struct, kw_only=True):
    """How far a transfer has come; it lies in the store that is entered."""

    source: str
    """Names the store that is left."""
    kind: Kind = "setup"
    cursor: str = ""
    last_key: int = 0
    """The last event's key in the new store."""
    counts: dict[str, int] = {}
    finished: bool = False
