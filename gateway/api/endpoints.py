"""Endpoints: the URLs that events are delivered to."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from gateway.api.answers import answer, done, seconds, view
from gateway.api.bodies import Input
from gateway.api.endpoint_rules import check
from gateway.api.identifiers import new_id
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, listing
from gateway.api.problems import not_found
from gateway.deliver.signing import new_secret
from gateway.store import records

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
Description = Annotated[str, Meta(max_length=500)]
Names = Annotated[tuple[Annotated[str, Meta(max_length=128)], ...], Meta(max_length=1000)]
Format = Literal["native", "socialhook", "cloudevents", "raw"]
Ordering = Literal["conversation", "none"]
Concurrency = Annotated[int, Meta(ge=1, le=100)]
Timeout = Annotated[int, Meta(ge=1, le=30)]
Schedule = Annotated[tuple[Annotated[int, Meta(ge=1, le=604_800)], ...], Meta(min_length=1, max_length=30)]
Headers = Annotated[dict[str, str], Meta(max_length=20)]
MetadataKey = Annotated[str, Meta(min_length=1, max_length=40)]
Metadata = Annotated[dict[MetadataKey, Annotated[str, Meta(max_length=500)]], Meta(max_length=50)]


class Endpoint(Struct, frozen=True, kw_only=True):
    """A URL and what goes there."""

    id: str
    customer_id: str
    url: str
    description: str
    events: tuple[str, ...]
    """Exact names or `family.*`; empty means all."""
    platforms: tuple[str, ...]
    """Empty means all."""
    page_ids: tuple[str, ...]
    """Empty means all."""
    format: Format
    ordering: Ordering
    include_raw: bool
    status: records.EndpointStatus
    """`paused` by you, `disabled` by the gateway; what arrives meanwhile waits."""
    status_reason: str | None
    concurrency: int
    timeout_seconds: int
    retry_schedule: tuple[int, ...] | None
    header_names: tuple[str, ...]
    """The names of your own headers; their values are never shown."""
    metadata: dict[str, str]
    created_at: int


class CreatedEndpoint(Endpoint, frozen=True, kw_only=True):
    """An endpoint at the moment of its creation, with the secret that checks its signatures."""

    secret: str
    """`whsec_` + base64. It is shown only here: keep it."""

    def __repr__(self) -> str:
        return f"CreatedEndpoint(id={self.id!r})"


class EndpointChange(Input, frozen=True, kw_only=True):
    """What to change of an endpoint; what is absent stays as it is."""

    url: Url | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    events: Names | UnsetType = UNSET
    """Exact names or `family.*`; empty means all."""
    platforms: Names | UnsetType = UNSET
    page_ids: Names | UnsetType = UNSET
    format: Format | UnsetType = UNSET
    """`native` if not said. Holds for deliveries made from now on."""
    ordering: Ordering | UnsetType = UNSET
    """`conversation` if not said: one event of a conversation at a time, in its order."""
    include_raw: bool | UnsetType = UNSET
    """Whether `raw.inline` holds the platform's own JSON; false if not said."""
    status: Literal["active", "paused"] | UnsetType = UNSET
    """`active` also takes a disabled endpoint back into service."""
    concurrency: Concurrency | UnsetType = UNSET
    """How many deliveries may be under way at once; 20 if not said."""
    timeout_seconds: Timeout | UnsetType = UNSET
    """For the whole exchange; 15 if not said."""
    retry_schedule: Schedule | UnsetType | None = UNSET
    """Seconds to wait after each failed attempt; null: as the operator has set it."""
    headers: Headers | UnsetType = UNSET
    """Headers of your own to send along."""
    metadata: Metadata | UnsetType = UNSET


class NewEndpoint(EndpointChange, frozen=True, kw_only=True):
    """A URL to deliver to."""

    url: Url
    customer_id: str | None = None
    """For the operator: whose endpoint it is."""


class EndpointQuery(ListQuery, frozen=True, kw_only=True):
    """Which endpoints."""

    status: records.EndpointStatus | None = None


async def create_endpoint(call: Call[NewEndpoint]) -> Response:
    """Make an endpoint. Its events begin to arrive with the next one; the secret is shown only now."""
    given, services = call.given, call.services
    check(services.settings, given.url, given.events, given.platforms, given.headers)
    endpoint = records.Endpoint(
        id=new_id("ep"),
        customer_id=call.owner(given.customer_id),
        secrets=(new_secret(),),
        created_at=services.clock(),
        **_fields(given),
    )
    async with call.configuring():
        await services.store.put_endpoint(endpoint)
    made = CreatedEndpoint(secret=endpoint.secrets[0], **msgspec.structs.asdict(_show(endpoint)))
    return answer(made, 201)


async def list_endpoints(call: Call[EndpointQuery]) -> Response:
    """List the endpoints."""
    query = call.given
    chosen = [one for one in call.visible.endpoints() if query.status in (None, one.status)]
    return answer(listing(chosen, query, _show))


async def get_endpoint(call: Call[Query]) -> Response:
    """Show one endpoint."""
    return answer(_show(_endpoint(call)))


async def change_endpoint(call: Call[EndpointChange]) -> Response:
    """Change an endpoint; what is absent stays. `status: active` delivers what has been waiting."""
    given, services = call.given, call.services
    check(services.settings, given.url, given.events, given.platforms, given.headers)
    async with call.configuring():
        endpoint = msgspec.structs.replace(_endpoint(call), **_fields(given))
        if given.status is not UNSET:
            endpoint = msgspec.structs.replace(endpoint, status_reason=None)
        await services.store.put_endpoint(endpoint)
    if endpoint.status == "active":
        services.wake(endpoint.id)
    return answer(_show(endpoint))


async def delete_endpoint(call: Call[Query]) -> Response:
    """Remove an endpoint and what waits for it; finished deliveries stay readable until they expire."""
    async with call.configuring():
        await call.services.store.delete_endpoint(_endpoint(call).id)
    return done()


def _endpoint(call: Call[Any]) -> records.Endpoint:
    endpoint = call.visible.endpoint(call.path["id"])
    if endpoint is None:
        raise not_found("endpoint", call.path["id"])
    return endpoint


def _fields(given: EndpointChange) -> dict[str, Any]:
    """What was given, under the names and in the units of the stored endpoint."""
    fields = {
        name: value
        for name, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and name != "customer_id"
    }
    if "timeout_seconds" in fields:
        fields["timeout_ms"] = fields.pop("timeout_seconds") * 1000
    return fields


def _show(endpoint: records.Endpoint) -> Endpoint:
    return view(
        Endpoint,
        endpoint,
        timeout_seconds=seconds(endpoint.timeout_ms),
        header_names=tuple(endpoint.headers),
        created_at=seconds(endpoint.created_at),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/endpoints",
        create_endpoint,
        {201: CreatedEndpoint},
        access="write",
        body=NewEndpoint,
    ),
    Operation("GET", "/v1/endpoints", list_endpoints, {200: Listing[Endpoint]}, query=EndpointQuery),
    Operation("GET", "/v1/endpoints/{id}", get_endpoint, {200: Endpoint}),
    Operation(
        "PATCH",
        "/v1/endpoints/{id}",
        change_endpoint,
        {200: Endpoint},
        access="write",
        body=EndpointChange,
    ),
    Operation("DELETE", "/v1/endpoints/{id}", delete_endpoint, {204: None}, access="write"),
)
