"""Replays: what an endpoint missed goes there after all, at a rate that its receiver can take."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.names import is_pattern
from gateway.api.answers import answer, seconds, view
from gateway.api.bodies import Input
from gateway.api.endpoint_forms import Names
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, Seconds, check_window, shown
from gateway.api.problems import Problem, ProblemKind, invalid, not_found
from gateway.identifiers import new_id
from gateway.store import replay as stored
from gateway.store.records import Endpoint

Rate = Annotated[int, Meta(ge=1, le=stored.FASTEST)]


class NewReplay(Input, frozen=True, kw_only=True):
    """Which events to replay to which endpoint: only what its filters take now."""

    endpoint_id: str
    since: Seconds
    """Accepted by the gateway at this moment (Unix seconds) or later."""
    until: Seconds | None = None
    """Accepted before this moment (Unix seconds); now if not said."""
    events: Names = ()
    """Exact names or `family.*`; empty: all."""
    platform: str | None = None
    page_id: Annotated[str, Meta(max_length=128)] | None = None
    conversation_id: str | None = None
    state: stored.Wanted = "missing"
    """`missing`: what was never delivered there. `dead`: whose delivery died. `all`: delivered ones too."""
    rate: Rate = stored.FASTEST
    """Deliveries made due per second, at most; the endpoint's own limits hold besides."""
    unrouted: bool = False
    """For the operator: what waited, unowned, for the page `page_id` to be connected."""
    dry_run: bool = False
    """Only count."""


class Replay(Struct, frozen=True, kw_only=True):
    """A replay and how far it has come."""

    id: str
    customer_id: str
    endpoint_id: str
    state: stored.ReplayState
    matched: int
    """Events that fitted when it was asked for."""
    done: int
    """Deliveries made due so far; how they end is at `/v1/deliveries`."""
    delivery_state: stored.Wanted
    """What was asked for as `state`."""
    since: int
    until: int
    rate: int
    created_at: int
    finished_at: int | None


class ReplayCount(Struct, frozen=True, kw_only=True):
    """What a replay would take."""

    matched: int


async def create_replay(call: Call[NewReplay]) -> Response:
    """Replay stored events to an endpoint: same `webhook-id`, fresh schedule, `webhook-replay: true`.

    What is due anyway is left alone. A replay never counts against the endpoint's health.
    """
    given, services = call.given, call.services
    endpoint = call.visible.endpoint(given.endpoint_id)
    if endpoint is None:
        raise not_found("endpoint", given.endpoint_id)
    _check(call, endpoint)
    now = services.clock()
    plan = _plan(given, endpoint, now)
    matched = await services.store.count_replay(plan)
    if given.dry_run:
        return answer(ReplayCount(matched=matched))
    replay = stored.Replay(
        id=new_id("rpl"),
        customer_id=endpoint.customer_id,
        plan=plan,
        created_at=now,
        rate=given.rate,
        matched=matched,
    )
    await services.store.begin_replay(replay)
    return answer(_show(replay), 202)


def _check(call: Call[NewReplay], endpoint: Endpoint) -> None:
    given = call.given
    for index, pattern in enumerate(given.events):
        if not is_pattern(pattern):
            raise invalid(f"events[{index}]", f"{pattern[:60]!r} is neither an event nor a `family.*`")
    if given.platform is not None and given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    if given.unrouted:
        _check_unrouted(call, endpoint)


def _check_unrouted(call: Call[NewReplay], endpoint: Endpoint) -> None:
    """The page must be the endpoint's customer's, of any app: which one signed then is not kept."""
    given = call.given
    if not call.caller.is_operator:
        raise Problem(ProblemKind.OPERATOR_ONLY, "An unrouted event belongs to no customer yet.")
    if given.platform is None or given.page_id is None:
        raise invalid("unrouted", "needs `platform` and `page_id`")
    owners = call.services.directory.owners(given.platform, given.page_id, None, None)
    if endpoint.customer_id not in owners:
        raise invalid("page_id", "is no page that the endpoint's customer has connected for any app")


def _plan(given: NewReplay, endpoint: Endpoint, now: int) -> stored.ReplayPlan:
    check_window(given.since, given.until)
    asked = stored.Selection(
        events=given.events,
        platforms=() if given.platform is None else (given.platform,),
        page_ids=() if given.page_id is None else (given.page_id,),
    )
    taken = stored.Selection(
        events=endpoint.events,
        platforms=endpoint.platforms,
        page_ids=endpoint.page_ids,
        conditions=endpoint.conditions,
    )
    return stored.ReplayPlan(
        endpoint_id=endpoint.id,
        since=given.since * 1000,
        until=now if given.until is None else min(given.until * 1000, now),
        selections=(asked, taken),
        conversation_id=given.conversation_id,
        wanted=given.state,
        unrouted=given.unrouted,
    )


async def list_replays(call: Call[ListQuery]) -> Response:
    """List replays."""
    page = await call.services.store.replays(call.customer_id, call.given.page())
    return answer(shown(page, _show))


async def get_replay(call: Call[Query]) -> Response:
    """Show how far a replay has come."""
    replay = await call.services.store.replay(call.customer_id, call.path["id"])
    if replay is None:
        raise not_found("replay", call.path["id"])
    return answer(_show(replay))


async def cancel_replay(call: Call[Query]) -> Response:
    """End a replay that runs. What it has made due is delivered; a finished one stays as it is."""
    services = call.services
    replay = await services.store.cancel_replay(call.customer_id, call.path["id"], services.clock())
    if replay is None:
        raise not_found("replay", call.path["id"])
    return answer(_show(replay))


def _show(replay: stored.Replay) -> Replay:
    plan = replay.plan
    return view(
        Replay,
        replay,
        endpoint_id=plan.endpoint_id,
        delivery_state=plan.wanted,
        since=seconds(plan.since),
        until=seconds(plan.until),
        created_at=seconds(replay.created_at),
        finished_at=None if replay.finished_at is None else seconds(replay.finished_at),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/replays",
        create_replay,
        {202: Replay, 200: ReplayCount},
        access="write",
        body=NewReplay,
        problems=(ProblemKind.OPERATOR_ONLY,),
    ),
    Operation("GET", "/v1/replays", list_replays, {200: Listing[Replay]}, query=ListQuery),
    Operation("GET", "/v1/replays/{id}", get_replay, {200: Replay}),
    Operation("POST", "/v1/replays/{id}/cancel", cancel_replay, {200: Replay}, access="write"),
)
