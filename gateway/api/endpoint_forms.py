"""What is said about an endpoint: the bodies that configure it, and how it is shown."""

from base64 import b64encode
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gateway.api.bodies import Input
from gateway.api.paging import ListQuery, Seconds
from gateway.deliver.redaction import Field
from gateway.store import records
from gateway.store.conditions import Probe

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
Description = Annotated[str, Meta(max_length=500)]
Names = Annotated[tuple[Annotated[str, Meta(max_length=128)], ...], Meta(max_length=1000)]
Version = Literal["1"]
Format = Literal["native", "socialhook", "cloudevents", "raw"]
Ordering = Literal["conversation", "none"]
Concurrency = Annotated[int, Meta(ge=1, le=100)]
RateLimit = Annotated[int, Meta(ge=1, le=10_000)]
Timeout = Annotated[int, Meta(ge=1, le=30)]
Schedule = Annotated[tuple[Annotated[int, Meta(ge=1, le=604_800)], ...], Meta(max_length=30)]
Redacted = Annotated[tuple[Field, ...], Meta(max_length=20)]
Headers = Annotated[dict[str, str], Meta(max_length=20)]
MetadataKey = Annotated[str, Meta(min_length=1, max_length=40)]
_BYTE_TRIPLES = "(?:[A-Za-z0-9+/]{4})"
_REST = "(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
OwnSecret = Annotated[
    str,
    Meta(
        pattern=f"^whsec_(?:{_BYTE_TRIPLES}{{8,20}}{_REST}|{_BYTE_TRIPLES}{{21}}(?:[A-Za-z0-9+/]{{2}}==)?)"
        r"(?![\s\S])"
    ),
]
"""`whsec_` and the base64 of 24 to 64 bytes, which is what Standard Webhooks asks for."""
Metadata = Annotated[dict[MetadataKey, Annotated[str, Meta(max_length=500)]], Meta(max_length=50)]


Value = Annotated[str, Meta(max_length=500)] | int | float | bool
Values = Annotated[tuple[Value, ...], Meta(min_length=1, max_length=100)]
Path = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,64}(\.[A-Za-z0-9_]{1,64}){0,9}(?![\s\S])")]
Conditions = Annotated[dict[Path, Values | Probe], Meta(max_length=10)]


class Endpoint(Struct, frozen=True, kw_only=True):
    """A URL, or a place in the log of events, and what goes there."""

    id: str
    customer_id: str
    type: records.EndpointType
    url: str | None
    """null for one that pulls."""
    description: str
    events: tuple[str, ...]
    """Exact names or `family.*`; empty means all."""
    platforms: tuple[str, ...]
    """Empty means all."""
    page_ids: tuple[str, ...]
    """Empty means all."""
    conditions: Conditions
    """On what is in the event, by path; empty means none."""
    version: Version
    """The version of the event that this endpoint receives."""
    format: Format
    ordering: Ordering
    include_raw: bool
    replies: bool
    """Whether `{"reply": …}` in an answer to a delivery is sent to the person; a text, or a message."""
    redact: tuple[Field, ...]
    """Fields of the event that are left out."""
    status: records.EndpointStatus
    """`paused` by you, `disabled` by the gateway; what arrives meanwhile waits."""
    status_reason: str | None
    failing_since: int | None
    """It has failed without a success since then, for an hour or more, or was disabled."""
    concurrency: int
    rate_limit: int | None
    timeout_seconds: int
    retry_schedule: tuple[int, ...] | None
    header_names: tuple[str, ...]
    """The names of your own headers; their values are never shown."""
    auth_type: Literal["basic", "bearer"] | None
    """How the receiver recognises the gateway; the credentials are never shown."""
    ed25519: bool
    public_key: str | None
    """`whpk_` + base64: verifies the `v1a` signatures."""
    metadata: dict[str, str]
    created_at: int


class CreatedEndpoint(Endpoint, frozen=True, kw_only=True):
    """An endpoint at the moment of its creation, with the secret that checks its signatures."""

    secret: str
    """`whsec_` + base64. It is shown only here: keep it."""

    def __repr__(self) -> str:
        return f"CreatedEndpoint(id={self.id!r})"


class BasicAuth(Input, frozen=True, kw_only=True, tag_field="type", tag="basic"):
    """A user name and a password that the receiver asks for (RFC 7617)."""

    username: Annotated[str, Meta(max_length=500, pattern=r"^[^:\x00-\x1f\x7f]*(?![\s\S])")]
    """Without a colon."""
    password: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*(?![\s\S])")]

    def header(self) -> str:
        """The value of the `Authorization` header."""
        return "Basic " + b64encode(f"{self.username}:{self.password}".encode()).decode()


class BearerAuth(Input, frozen=True, kw_only=True, tag_field="type", tag="bearer"):
    """A token that the receiver asks for (RFC 6750)."""

    token: Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"^[\x21-\x7e]+(?![\s\S])")]

    def header(self) -> str:
        """The value of the `Authorization` header."""
        return f"Bearer {self.token}"


class EndpointChange(Input, frozen=True, kw_only=True):
    """What to change of an endpoint; what is absent stays as it is."""

    url: Url | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    events: Names | UnsetType = UNSET
    """Exact names or `family.*`; empty means all."""
    platforms: Names | UnsetType = UNSET
    page_ids: Names | UnsetType = UNSET
    conditions: Conditions | UnsetType = UNSET
    """Paths in the native event, such as `message.type`, and what must be there: one of a list of values
    (`false` is also what is absent), `{"exists": true}`, or `{"prefix": "order:"}`. All must hold."""
    version: Version | UnsetType = UNSET
    """The newest if not said. It stays until you change it."""
    format: Format | UnsetType = UNSET
    """`native` if not said. Holds for deliveries made from now on."""
    ordering: Ordering | UnsetType = UNSET
    """`conversation` if not said: one event of a conversation at a time, in its order."""
    include_raw: bool | UnsetType = UNSET
    """Whether `raw.inline` holds the platform's own JSON; false if not said."""
    replies: bool | UnsetType = UNSET
    """Send `{"reply": …}` in an answer to a delivery to the person, once per event."""
    redact: Redacted | UnsetType = UNSET
    """Fields of the event to leave out, such as `message.body`. The platform's own JSON is left out with
    them, so an endpoint of format `raw` gets nothing then."""
    status: Literal["active", "paused"] | UnsetType = UNSET
    """`active` also takes a disabled endpoint back into service."""
    concurrency: Concurrency | UnsetType = UNSET
    """How many deliveries may be under way at once; 20 if not said."""
    rate_limit: RateLimit | UnsetType | None = UNSET
    """Deliveries per second, and as many at once after a rest; null: no limit."""
    timeout_seconds: Timeout | UnsetType = UNSET
    """For the whole exchange; 15 if not said."""
    retry_schedule: Schedule | UnsetType | None = UNSET
    """Seconds to wait after each failed attempt; null: as the operator has set it."""
    headers: Headers | UnsetType = UNSET
    """Headers of your own to send along."""
    auth: BasicAuth | BearerAuth | UnsetType | None = UNSET
    """Sent as `Authorization`, in place of one among `headers`; null: nothing."""
    ed25519: bool | UnsetType = UNSET
    """Whether a `v1a` signature is sent as well; switched on anew, it has a new key."""
    metadata: Metadata | UnsetType = UNSET


class NewEndpoint(EndpointChange, frozen=True, kw_only=True):
    """A URL to deliver to, or an endpoint to pull from."""

    type: records.EndpointType = "push"
    """`push` needs a `url`. `pull` has none, nor anything else that is about sending: you fetch its events
    at `/v1/poll` or `/v1/stream`."""
    secret: OwnSecret | None = None
    """`whsec_` + base64 of 24 to 64 random bytes, where a receiver has one already; else one is made."""
    since: Seconds | None = None
    """For `pull`: begin with the first event of this moment (Unix seconds); else with the next one."""
    customer_id: str | None = None
    """For the operator: whose endpoint it is."""


class EndpointQuery(ListQuery, frozen=True, kw_only=True):
    """Which endpoints."""

    status: records.EndpointStatus | None = None
