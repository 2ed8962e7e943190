"""An endpoint as it is stored: where events go, how they are signed, how hard the receiver may be pressed."""

from typing import Literal

from msgspec import field

from gateway.store.conditions import Conditions
from gateway.store.record import Record, SecretRecord

EndpointStatus = Literal["active", "paused", "disabled"]
EndpointType = Literal["push", "pull"]
"""`push`: events are sent to its URL. `pull`: its customer asks for them; nothing is sent."""


class Secret(Record, frozen=True, kw_only=True):
    """A symmetric signing secret; after a rotation the one before it signs for a while longer."""

    value: str
    """`whsec_…`."""
    expires_at: int | None = None
    """When it signs no more; None: it is the newest one."""

    def __repr__(self) -> str:
        return f"Secret(expires_at={self.expires_at!r})"

    def live(self, now: int) -> bool:
        """Whether it signs at `now`."""
        return self.expires_at is None or now < self.expires_at


class Endpoint(SecretRecord, frozen=True, kw_only=True):
    """A customer's URL, or its place in the log of events, and what goes there."""

    customer_id: str
    secrets: tuple[Secret, ...]
    """The newest first; every live one signs."""
    created_at: int
    type: EndpointType = "push"
    """Never changes."""
    url: str = ""
    """Empty for an endpoint that pulls."""
    since: int | None = None
    """Pulls from the first event of this moment on; None: from the first after its creation."""
    signing_key: str | None = None
    """`whsk_…` (ed25519), which signs as well; receivers verify with its public key."""
    authorization: str | None = None
    """The value of the `Authorization` header that the receiver asks for."""
    description: str = ""
    events: tuple[str, ...] = ()
    """Exact names or `family.*`; empty means all."""
    platforms: tuple[str, ...] = ()
    page_ids: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=dict)
    """On what is in the event; empty means none. `wants` does not look at them."""
    version: str = "1"
    """The version of the event that it was made for, and goes on receiving."""
    format: str = "native"
    ordering: Literal["conversation", "none"] = "conversation"
    include_raw: bool = False
    replies: bool = False
    """`{"reply": …}` in its answer to a delivery is sent to the person."""
    status: EndpointStatus = "active"
    status_reason: str | None = None
    failing_since: int | None = None
    """It has failed for long without a success, or was disabled; gone with the next success."""
    warned_at: int | None = None
    """When its customer was last told that it fails, in this outage or an earlier one."""
    concurrency: int = 20
    rate_limit: int | None = None
    """Deliveries per second; None: as many as its slots take."""
    timeout_ms: int = 15_000
    """The whole exchange: 1 to 30 s."""
    retry_schedule: tuple[int, ...] | None = None
    """Seconds after each failed attempt; None means the operator's `RETRY_SCHEDULE`."""
    headers: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    def wants(self, event: str, platform: str, page_id: str) -> bool:
        """Whether its filters let an event through."""
        family = event.partition(".")[0] + ".*"
        return (
            (not self.events or event in self.events or family in self.events)
            and (not self.platforms or platform in self.platforms)
            and (not self.page_ids or page_id in self.page_ids)
        )

    def signing_keys(self, now: int) -> tuple[str, ...]:
        """What signs an attempt at `now`: the live secrets, newest first, then the ed25519 key."""
        live = tuple([secret.value for secret in self.secrets if secret.live(now)])
        return live if self.signing_key is None else (*live, self.signing_key)


class EndpointStats(Record, frozen=True, kw_only=True):
    """What the newest deliveries of an endpoint tell; how much is looked at, its store says."""

    durations_ms: tuple[int, ...]
    """Of every attempt since the given moment, ascending."""
    errors: dict[str, int]
    """Failed attempts among them, by error class."""
    dead: int
    """Deliveries that ended without success since the given moment."""
    pending: int
    """Open deliveries that have not been tried."""
    failed: int
    """Open deliveries that have been tried."""
    oldest_due_at: int | None
    """The earliest moment at which an open delivery can be claimed."""
