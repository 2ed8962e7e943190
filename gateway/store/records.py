"""What a store keeps, as values. Times are Unix milliseconds; ids are strings with a prefix."""

from typing import Any, Generic, Literal, TypeVar

from msgspec import field

from adapters.base import Decoded, Identity
from adapters.event import Event, Placement
from gateway.store.attempt import Attempt as Attempt
from gateway.store.endpoint import Endpoint as Endpoint
from gateway.store.endpoint import EndpointStats as EndpointStats
from gateway.store.endpoint import EndpointStatus as EndpointStatus
from gateway.store.endpoint import EndpointType as EndpointType
from gateway.store.endpoint import Secret as Secret
from gateway.store.identifiers import webhook_id
from gateway.store.job import Job as Job
from gateway.store.keeping import Keeping as Keeping
from gateway.store.record import Record as Record
from gateway.store.record import SecretRecord as SecretRecord

Item = TypeVar("Item")

DeliveryState = Literal["pending", "failed", "delivered", "dead"]
"""`pending` untried · `failed` tried and retry due · `delivered` · `dead` spent or aborted."""


class Customer(Record, frozen=True, kw_only=True):
    """A tenant."""

    id: str
    name: str
    created_at: int
    metadata: dict[str, str] = field(default_factory=dict)
    keep: Keeping = Keeping()


class ApiKey(Record, frozen=True, kw_only=True):
    """A customer's key: only its hash is kept, and the prefix that a person can recognise it by."""

    id: str
    customer_id: str
    name: str
    prefix: str
    digest: bytes
    """SHA-256 of the whole key."""
    scopes: tuple[str, ...]
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None


class App(SecretRecord, frozen=True, kw_only=True):
    """A Meta app that the operator serves under a path of its own."""

    name: str
    app_secrets: tuple[str, ...]
    verify_token: str
    created_at: int


class Gap(Record, frozen=True, kw_only=True):
    """A time in which no webhooks came, and how far its messages have been fetched since."""

    since: int
    after: str | None = None
    """Where the next step begins."""
    steps: int = 0
    """Those that were tried."""


class Account(SecretRecord, frozen=True, kw_only=True):
    """A Page, an Instagram account or a WhatsApp number, owned by one customer."""

    customer_id: str
    platform: str
    page_id: str
    created_at: int
    name: str | None = None
    waba_id: str | None = None
    app_id: str | None = None
    access_token: str | None = None
    token_expires_at: int | None = None
    """Where it is known from refreshing the token."""
    degraded: str | None = None
    """What keeps the gateway from working for it, as `account.degraded` has told."""
    gap: Gap | None = None
    """What is being fetched; None: nothing that is known of is missing."""


class Configuration(Record, frozen=True, kw_only=True):
    """All that routing and authentication need, read at once."""

    customers: tuple[Customer, ...]
    keys: tuple[ApiKey, ...]
    apps: tuple[App, ...]
    accounts: tuple[Account, ...]
    endpoints: tuple[Endpoint, ...]


class Route(Record, frozen=True, kw_only=True):
    """One endpoint that an event goes to."""

    endpoint_id: str
    ordered: bool
    """One delivery at a time per conversation."""
    claim: bool = False
    """This process has a slot or a place for it and takes the job at once if nothing earlier is open."""
    replay: bool = False
    """An old event: how it goes says nothing about the endpoint."""


class Arrival(Record, frozen=True, kw_only=True):
    """One decoded element on its way into the store."""

    decoded: Decoded
    body: bytes
    """The event as the adapter encoded it."""
    received_at: int
    customer_ids: tuple[str, ...] = ()
    """Empty: nobody has connected the page; kept as unrouted."""
    app_id: str | None = None
    routes: tuple[Route, ...] = ()
    started_routes: tuple[Route, ...] = ()
    """Where a `conversation.started` goes if this element starts one."""
    derived_routes: dict[str, tuple[Route, ...]] = field(default_factory=dict)
    """Where the other events go that the store derives (`contact.identity_*`), by event name."""
    past: bool = False
    """Read from what was there before: no sign of life of anybody."""


class Emission(Record, frozen=True, kw_only=True):
    """An event that was born in the gateway, on its way into the store."""

    event: Event
    at: int
    customer_id: str
    endpoint_ids: tuple[str, ...]
    people: tuple[Identity, ...] = ()
    """Whom it names: if nobody has one of these ids any more, it is kept nowhere."""
    placement: Placement = Placement()
    """What a sample shows of a place that it does not have."""


class Admission(Record, frozen=True, kw_only=True):
    """What became of an arrival."""

    event_id: str
    state: Literal["stored", "duplicate", "held"]
    jobs: tuple[Job, ...] = ()
    """What was claimed at once, of the event itself and of the `conversation.started` before it."""
    waiting: tuple[str, ...] = ()
    """Endpoints for which a delivery was queued that is due now but was not claimed, or that can pull it."""


class Outcome(Record, frozen=True, kw_only=True):
    """What the dispatcher decided after an attempt."""

    job: Job
    attempt: Attempt | None
    """None: our own fault, no attempt is charged."""
    state: DeliveryState
    due_at: int | None = None
    """When the next attempt is due; only for `failed` and `pending`."""
    yields: bool = False
    """The delivery has failed too long: the next one of its conversation may pass it."""


class Settlement(Record, frozen=True, kw_only=True):
    """What the store did with an outcome."""

    moved: bool
    """False: a newer claim exists, the attempt was logged and nothing else."""
    released: bool = False
    """The next delivery of the conversation became due."""


class Backlog(Record, frozen=True, kw_only=True):
    """What waits for one endpoint."""

    endpoint_id: str
    due_at: int
    """The earliest moment at which a delivery can be claimed; one that is leased, when its lease ends."""


class StoredEvent(Record, frozen=True, kw_only=True):
    """An event as the API shows it."""

    id: str
    body: bytes
    customer_ids: tuple[str, ...]
    received_at: int
    cursor: str


class LogEntry(Record, frozen=True, kw_only=True):
    """An event as an endpoint pulls it."""

    id: str
    name: str
    body: bytes
    cursor: str
    """Acknowledges this event and all before it."""
    revision: int = 1

    @property
    def webhook_id(self) -> str:
        """What a delivery of it would be known by."""
        return webhook_id(self.id, self.revision)


class LogPage(Record, frozen=True, kw_only=True):
    """A stretch of the log: what the endpoint's filters let through."""

    entries: tuple[LogEntry, ...]
    cursor: str
    """How far the log was looked through: the next stretch begins behind it."""
    more: bool
    """The log may go on there."""


class RawElement(Record, frozen=True, kw_only=True):
    """Meta's own bytes of one element."""

    event_id: str
    envelope: bytes
    element: tuple[int, int]


class Delivery(Record, frozen=True, kw_only=True):
    """One event on its way to one endpoint."""

    id: str
    event_id: str
    endpoint_id: str
    state: DeliveryState
    attempts: int
    created_at: int
    due_at: int | None
    finished_at: int | None
    cursor: str


class EventFilter(Record, frozen=True, kw_only=True):
    """Which events; None means any."""

    event: str | None = None
    """An exact name or `family.*`."""
    platform: str | None = None
    page_id: str | None = None
    conversation_id: str | None = None
    since: int | None = None
    until: int | None = None
    unrouted: bool = False


class DeliveryFilter(Record, frozen=True, kw_only=True):
    """Which deliveries; None means any."""

    event_id: str | None = None
    endpoint_id: str | None = None
    state: DeliveryState | None = None


class Page(Record, Generic[Item], frozen=True, kw_only=True):
    """One page of a list and where the next begins."""

    data: tuple[Item, ...]
    next_cursor: str | None


class PageRequest(Record, frozen=True, kw_only=True):
    """Which page of a list."""

    limit: int = 50
    cursor: str | None = None
    ascending: bool = False


class QuarantineEntry(Record, frozen=True, kw_only=True):
    """Signed bytes that could not be read."""

    id: str
    platform: str
    received_at: int
    reason: str
    pointer: str
    body: bytes


class Health(Record, frozen=True, kw_only=True):
    """What the store says of itself."""

    writable: bool
    detail: str = ""
    reason: str | None = None
    """Why not writable, in words that anybody may read."""
    facts: dict[str, Any] = field(default_factory=dict)
