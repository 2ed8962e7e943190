"""Endpoints: where events are delivered to, or pulled from."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET
from starlette.responses import Response

from gateway.api.answers import answer, done, seconds, view
from gateway.api.endpoint_forms import CreatedEndpoint, Endpoint, EndpointChange, EndpointQuery, NewEndpoint
from gateway.api.endpoint_rules import check, check_raw
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, Query, listing
from gateway.api.problems import not_found
from gateway.deliver.signing import new_secret, new_signing_key, public_key
from gateway.identifiers import new_id
from gateway.services import Services
from gateway.store import records


async def create_endpoint(call: Call[NewEndpoint]) -> Response:
    """Make an endpoint. Its events begin to arrive with the next one; the secret is shown only now."""
    given, services = call.given, call.services
    check(services.settings, given, given.type)
    endpoint = records.Endpoint(
        id=new_id("ep"),
        customer_id=call.owner(given.customer_id),
        secrets=(records.Secret(value=given.secret or new_secret()),),
        created_at=services.clock(),
        **_fields(given, None),
    )
    async with call.configuring():
        check_raw(endpoint, services.directory.keeping((endpoint.customer_id,)))
        await services.store.put_endpoint(endpoint)
    made = CreatedEndpoint(secret=endpoint.secrets[0].value, **msgspec.structs.asdict(_show(endpoint)))
    return answer(made, 201)


async def list_endpoints(call: Call[EndpointQuery]) -> Response:
    """List the endpoints."""
    query = call.given
    chosen = [one for one in call.visible.endpoints() if query.status in (None, one.status)]
    return answer(listing(chosen, query, _show))


async def get_endpoint(call: Call[Query]) -> Response:
    """Show one endpoint."""
    return answer(_show(endpoint_of(call)))


async def change_endpoint(call: Call[EndpointChange]) -> Response:
    """Change an endpoint; what is absent stays. `status: active` delivers what has been waiting."""
    given, services = call.given, call.services
    async with call.configuring():
        present = endpoint_of(call)
        check(services.settings, given, present.type, present)
        endpoint = msgspec.structs.replace(present, **_fields(given, present))
        check_raw(endpoint, services.directory.keeping((endpoint.customer_id,)))
        if given.status is not UNSET:
            endpoint = _as_asked(endpoint, services.clock())
        await put(services, endpoint)
    if endpoint.status == "active":
        services.wake(endpoint.id)
    return answer(_show(endpoint))


async def delete_endpoint(call: Call[Query]) -> Response:
    """Remove an endpoint and what waits for it; finished deliveries stay readable until they expire."""
    async with call.configuring():
        await call.services.store.delete_endpoint(endpoint_of(call).id)
    return done()


def endpoint_of(call: Call[Any]) -> records.Endpoint:
    """The endpoint that the path names. Raises Problem (404)."""
    endpoint = call.visible.endpoint(call.path["id"])
    if endpoint is None:
        raise not_found("endpoint", call.path["id"])
    return endpoint


async def put(services: Services, endpoint: records.Endpoint) -> None:
    """Store an endpoint, without secrets that sign no more. Raises StoreUnavailable."""
    now = services.clock()
    live = tuple(secret for secret in endpoint.secrets if secret.live(now))
    await services.store.put_endpoint(msgspec.structs.replace(endpoint, secrets=live))


def _as_asked(endpoint: records.Endpoint, now: int) -> records.Endpoint:
    """Its status is the customer's own choice now; one that failed gets its whole time again."""
    since = None if endpoint.failing_since is None else now
    return msgspec.structs.replace(endpoint, status_reason=None, failing_since=since)


def _fields(given: EndpointChange, present: records.Endpoint | None) -> dict[str, Any]:
    """What was given, under the names and in the units of the stored endpoint."""
    fields = {
        name: value
        for name, value in msgspec.structs.asdict(given).items()
        if value is not UNSET and name not in ("customer_id", "secret")
    }
    if fields.get("since") is not None:
        fields["since"] *= 1000
    if "timeout_seconds" in fields:
        fields["timeout_ms"] = fields.pop("timeout_seconds") * 1000
    if "auth" in fields:
        auth = fields.pop("auth")
        fields["authorization"] = None if auth is None else auth.header()
    if "ed25519" in fields:
        kept = None if present is None else present.signing_key
        fields["signing_key"] = (kept or new_signing_key()) if fields.pop("ed25519") else None
    return fields


def _show(endpoint: records.Endpoint) -> Endpoint:
    return view(
        Endpoint,
        endpoint,
        url=endpoint.url or None,
        timeout_seconds=seconds(endpoint.timeout_ms),
        header_names=tuple(endpoint.headers),
        failing_since=None if endpoint.failing_since is None else seconds(endpoint.failing_since),
        auth_type=_auth_type(endpoint.authorization),
        ed25519=endpoint.signing_key is not None,
        public_key=None if endpoint.signing_key is None else public_key(endpoint.signing_key),
        created_at=seconds(endpoint.created_at),
    )


def _auth_type(authorization: str | None) -> Literal["basic", "bearer"] | None:
    if authorization is None:
        return None
    return "basic" if authorization.startswith("Basic ") else "bearer"


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
