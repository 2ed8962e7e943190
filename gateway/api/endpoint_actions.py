"""What can be done with an endpoint: give it a new secret, see how it fares."""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.responses import Response

from gateway.api.answers import answer, seconds
from gateway.api.bodies import Input
from gateway.api.endpoint_forms import OwnSecret
from gateway.api.endpoints import endpoint_of, put
from gateway.api.operations import Call, Operation
from gateway.api.paging import Query
from gateway.api.problems import Problem, ProblemKind
from gateway.deliver.outage import disabled_at
from gateway.deliver.signing import new_secret
from gateway.store.records import Endpoint, Secret

DAY_SECONDS = 86_400
LIVE_SECRETS = 10
"""Each costs a signature in every delivery."""


class Rotation(Input, frozen=True, kw_only=True):
    """How to change the secret."""

    overlap_seconds: Annotated[int, Meta(ge=0, le=7 * DAY_SECONDS)] = DAY_SECONDS
    """For so long the secrets that there are now sign as well; 0: they end at once."""
    secret: OwnSecret | None = None
    """`whsec_` + base64 of 24 to 64 random bytes; one is made if not said."""


class RotatedSecret(Struct, frozen=True, kw_only=True):
    """An endpoint's new secret."""

    id: str
    """The endpoint's."""
    secret: str
    """`whsec_` + base64. It is shown only here: keep it."""
    previous_expires_at: int
    """Until then deliveries also carry a signature under the secret before."""

    def __repr__(self) -> str:
        return f"RotatedSecret(id={self.id!r})"


class StatsQuery(Query, frozen=True, kw_only=True):
    """Over which time."""

    window_seconds: Annotated[int, Meta(ge=60, le=30 * DAY_SECONDS)] = DAY_SECONDS
    """The last 24 hours if not said."""


class EndpointStats(Struct, frozen=True, kw_only=True):
    """How an endpoint fares. Attempts are those of its newest 10,000 deliveries, in the window."""

    since: int
    attempts: int
    success_rate: float | None
    """Successful attempts among all, 0 to 1; null without any."""
    p50_ms: int | None
    """Half of the attempts took at most so long."""
    p99_ms: int | None
    errors: dict[str, int]
    """Failed attempts by error class, such as `timeout` or `status`."""
    dead: int
    """Deliveries that ended without success in the window."""
    pending: int
    """Open deliveries, untried."""
    failed: int
    """Open deliveries, tried at least once."""
    oldest_due_at_ms: int | None
    """When the open delivery that comes next was or will be due."""
    failing_since: int | None
    """A warning: it has failed without a success since then, for an hour or more, or was disabled."""
    disabled_at: int | None
    """When it will be disabled if it has no success before, and 20 deliveries failed or dead."""


async def rotate_secret(call: Call[Rotation]) -> Response:
    """Give an endpoint a new secret, shown only now. The ones before sign for a while longer."""
    now = call.services.clock()
    ends_at = now + call.given.overlap_seconds * 1000
    secret = Secret(value=call.given.secret or new_secret())
    async with call.configuring():
        endpoint = endpoint_of(call)
        others = [one for one in endpoint.secrets if one.value != secret.value]
        before = [one for one in _ending(others, ends_at) if one.live(now)]
        if len(before) >= LIVE_SECRETS:
            detail = "Wait until one ends, or rotate with `overlap_seconds` 0."
            raise Problem(ProblemKind.TOO_MANY_SECRETS, detail)
        await put(call.services, replace(endpoint, secrets=(secret, *before)))
    rotated = RotatedSecret(id=endpoint.id, secret=secret.value, previous_expires_at=seconds(ends_at))
    return answer(rotated)


def _ending(secrets: Sequence[Secret], ends_at: int) -> list[Secret]:
    """The secrets, each ending then at the latest."""
    return [
        replace(one, expires_at=ends_at if one.expires_at is None else min(one.expires_at, ends_at))
        for one in secrets
    ]


async def get_endpoint_stats(call: Call[StatsQuery]) -> Response:
    """Show how an endpoint fares: successes, durations, errors, what waits, what threatens."""
    endpoint, services = endpoint_of(call), call.services
    since = services.clock() - call.given.window_seconds * 1000
    found = await services.store.endpoint_stats(endpoint.id, since)
    attempts = len(found.durations_ms)
    succeeded = attempts - sum(found.errors.values())
    shown = EndpointStats(
        since=seconds(since),
        attempts=attempts,
        success_rate=round(succeeded / attempts, 4) if attempts else None,
        p50_ms=_percentile(found.durations_ms, 50),
        p99_ms=_percentile(found.durations_ms, 99),
        errors=found.errors,
        dead=found.dead,
        pending=found.pending,
        failed=found.failed,
        oldest_due_at_ms=found.oldest_due_at,
        **_warning(endpoint),
    )
    return answer(shown)


def _percentile(ascending: Sequence[int], percent: int) -> int | None:
    """The smallest value that so many per cent do not exceed (nearest rank)."""
    return ascending[-(-len(ascending) * percent // 100) - 1] if ascending else None


def _warning(endpoint: Endpoint) -> dict[str, Any]:
    since, ends_at = endpoint.failing_since, disabled_at(endpoint)
    return {
        "failing_since": None if since is None else seconds(since),
        "disabled_at": None if ends_at is None else seconds(ends_at),
    }


OPERATIONS = (
    Operation(
        "POST",
        "/v1/endpoints/{id}/rotate-secret",
        rotate_secret,
        {200: RotatedSecret},
        access="write",
        body=Rotation,
        problems=(ProblemKind.TOO_MANY_SECRETS,),
    ),
    Operation(
        "GET",
        "/v1/endpoints/{id}/stats",
        get_endpoint_stats,
        {200: EndpointStats},
        query=StatsQuery,
    ),
)
