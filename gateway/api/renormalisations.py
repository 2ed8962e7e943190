"""Re-normalisations: after a parser fix, stored elements are decoded again by the present adapters."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.names import is_pattern
from gateway.api.answers import answer, seconds, view
from gateway.api.bodies import Input
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, Seconds, check_window, shown
from gateway.api.problems import invalid, not_found
from gateway.identifiers import new_id
from gateway.store import renormalisation as stored
from gateway.store.replay import FASTEST

Rate = Annotated[int, Meta(ge=1, le=FASTEST)]


class NewRenormalisation(Input, frozen=True, kw_only=True):
    """Which elements to decode again."""

    since: Seconds
    """Accepted by the gateway at this moment (Unix seconds) or later."""
    until: Seconds | None = None
    """Accepted before this moment (Unix seconds); now if not said."""
    event: str | None = None
    """What they are events of now: an exact name, or `family.*`."""
    platform: str | None = None
    page_id: Annotated[str, Meta(max_length=128)] | None = None
    rate: Rate = FASTEST
    """Events changed per second, at most."""
    dry_run: bool = False
    """Only count: `revised` and `added` tell what it would do."""


class Renormalisation(Struct, frozen=True, kw_only=True):
    """A re-normalisation and how far it has come."""

    id: str
    customer_id: str | None
    """Whose events; null: everybody's, and the quarantine."""
    state: stored.State
    dry_run: bool
    matched: int
    """Elements that fitted when it was asked for."""
    examined: int
    """Elements decoded again so far."""
    revised: int
    """Events that got another content and go out again, with the next `revision`."""
    added: int
    """New events, which supersede what was stored or come from the quarantine."""
    since: int
    until: int
    event: str | None
    platform: str | None
    page_id: str | None
    rate: int
    created_at: int
    finished_at: int | None


async def create_renormalisation(call: Call[NewRenormalisation]) -> Response:
    """Decode stored elements again and deliver what comes out different, with `webhook-replay: true`.

    A customer decodes what it alone has. For the operator everything is decoded again, and where neither
    `event` nor `page_id` is given, the quarantine too. What comes out the same is left alone.
    """
    services = call.services
    plan = _plan(call, services.clock())
    renormalisation = stored.Renormalisation(
        id=new_id("rnm"),
        plan=plan,
        created_at=services.clock(),
        rate=call.given.rate,
        matched=await services.store.count_elements(plan),
    )
    await services.store.begin_renormalisation(renormalisation)
    return answer(_show(renormalisation), 202)


def _plan(call: Call[NewRenormalisation], now: int) -> stored.RenormalisationPlan:
    given = call.given
    if given.event is not None and not is_pattern(given.event):
        raise invalid("event", f"{given.event[:60]!r} is neither an event nor a `family.*`")
    if given.platform is not None and given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    check_window(given.since, given.until)
    return stored.RenormalisationPlan(
        since=given.since * 1000,
        until=now if given.until is None else min(given.until * 1000, now),
        customer_id=call.customer_id,
        event=given.event,
        platform=given.platform,
        page_id=given.page_id,
        dry_run=given.dry_run,
    )


async def list_renormalisations(call: Call[ListQuery]) -> Response:
    """List re-normalisations."""
    page = await call.services.store.renormalisations(call.customer_id, call.given.page())
    return answer(shown(page, _show))


async def get_renormalisation(call: Call[Query]) -> Response:
    """Show how far a re-normalisation has come."""
    found = await call.services.store.renormalisation(call.customer_id, call.path["id"])
    if found is None:
        raise not_found("renormalisation", call.path["id"])
    return answer(_show(found))


async def cancel_renormalisation(call: Call[Query]) -> Response:
    """End a re-normalisation that runs. What it has changed stays; a finished one stays as it is."""
    store, now = call.services.store, call.services.clock()
    found = await store.cancel_renormalisation(call.customer_id, call.path["id"], now)
    if found is None:
        raise not_found("renormalisation", call.path["id"])
    return answer(_show(found))


def _show(renormalisation: stored.Renormalisation) -> Renormalisation:
    plan, finished_at = renormalisation.plan, renormalisation.finished_at
    return view(
        Renormalisation,
        renormalisation,
        customer_id=plan.customer_id,
        dry_run=plan.dry_run,
        event=plan.event,
        platform=plan.platform,
        page_id=plan.page_id,
        since=seconds(plan.since),
        until=seconds(plan.until),
        created_at=seconds(renormalisation.created_at),
        finished_at=None if finished_at is None else seconds(finished_at),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/v1/renormalisations",
        create_renormalisation,
        {202: Renormalisation},
        access="write",
        body=NewRenormalisation,
    ),
    Operation(
        "GET", "/v1/renormalisations", list_renormalisations, {200: Listing[Renormalisation]}, query=ListQuery
    ),
    Operation("GET", "/v1/renormalisations/{id}", get_renormalisation, {200: Renormalisation}),
    Operation(
        "POST",
        "/v1/renormalisations/{id}/cancel",
        cancel_renormalisation,
        {200: Renormalisation},
        access="write",
    ),
)
