"""Events: what came in, as it was or would have been delivered."""

import msgspec
from msgspec import Raw, Struct
from starlette.responses import Response

from adapters.event import Event
from adapters.names import is_pattern
from gateway.api.answers import answer, as_json
from gateway.api.bodies import Input
from gateway.api.operations import Call, Media, Operation
from gateway.api.paging import Listing, ListQuery, Query, Seconds, check_window, shown
from gateway.api.problems import Problem, ProblemKind, content_removed, invalid, not_found
from gateway.store.base import ContentRemoved, RawExpired
from gateway.store.emptying import is_emptied
from gateway.store.records import EventFilter, RawElement, StoredEvent


class EventQuery(ListQuery, frozen=True, kw_only=True):
    """Which events."""

    event: str | None = None
    """An exact name, or `family.*`."""
    platform: str | None = None
    page_id: str | None = None
    conversation_id: str | None = None
    since: Seconds | None = None
    """Accepted by the gateway at this moment (Unix seconds) or later."""
    until: Seconds | None = None
    """Accepted by the gateway before this moment (Unix seconds)."""
    unrouted: bool = False
    """For the operator: only events of pages that nobody has connected."""


class Redelivery(Input, frozen=True, kw_only=True):
    """Where to deliver an event again."""

    endpoint_id: str | None = None
    """If absent: to every endpoint that takes such an event now."""


class RedeliveryAnswer(Struct, frozen=True, kw_only=True):
    """The event is on its way again."""

    event_id: str
    endpoint_ids: tuple[str, ...]


class _Address(Struct, frozen=True):
    """What of an event decides where it goes."""

    event: str
    platform: str = ""
    page_id: str = ""
    waba_id: str | None = None


async def list_events(call: Call[EventQuery]) -> Response:
    """List events, by the moment at which the gateway accepted them."""
    query = call.given
    if query.unrouted and not call.caller.is_operator:
        raise Problem(ProblemKind.OPERATOR_ONLY, "An unrouted event belongs to no customer yet.")
    if query.event is not None and not is_pattern(query.event):
        raise invalid("event", f"{query.event[:60]!r} is neither an event nor a `family.*`")
    check_window(query.since, query.until)
    which = EventFilter(
        event=query.event,
        platform=query.platform,
        page_id=query.page_id,
        conversation_id=query.conversation_id,
        since=None if query.since is None else query.since * 1000,
        until=None if query.until is None else query.until * 1000,
        unrouted=query.unrouted,
    )
    page = await call.services.store.events(call.customer_id, which, query.page())
    return answer(shown(page, lambda stored: Raw(stored.body)))


async def get_event(call: Call[Query]) -> Response:
    """Show one event, in the bytes that are delivered in the format `native`.

    Where its customer keeps no contents after the delivery, what is left says `content_removed`.
    """
    return as_json((await _event(call)).body)


async def get_raw_event(call: Call[Query]) -> Response:
    """Show the platform's own bytes of the element that an event was made of."""
    raw = await _raw(call)
    if raw is None:
        raise not_found("raw element of an event", call.path["id"])
    start, end = raw.element
    return as_json(raw.envelope[start:end])


async def redeliver_event(call: Call[Redelivery]) -> Response:
    """Deliver an event again, from the start of the retry schedule, under the same `webhook-id`.

    For the operator this also routes an unrouted event whose page has been connected since.
    """
    stored = await _event(call)
    if is_emptied(stored.body):
        raise content_removed(stored.id)
    targets = _targets(call, stored)
    if any(call.services.directory.endpoints[one].format == "raw" for one in targets):
        await _raw(call)
    services, now = call.services, call.services.clock()
    for endpoint_id in targets:
        try:
            given = await services.store.redeliver(call.customer_id, stored.id, endpoint_id, now)
        except ContentRemoved:
            raise content_removed(stored.id) from None
        if not given:
            raise not_found("endpoint for this event", endpoint_id)
        services.wake(endpoint_id)
    return answer(RedeliveryAnswer(event_id=stored.id, endpoint_ids=targets), 202)


async def _event(call: Call[Query] | Call[Redelivery]) -> StoredEvent:
    stored = await call.services.store.event(call.customer_id, call.path["id"])
    if stored is None:
        raise not_found("event", call.path["id"])
    return stored


async def _raw(call: Call[Query] | Call[Redelivery]) -> RawElement | None:
    try:
        return await call.services.store.raw(call.customer_id, call.path["id"])
    except RawExpired:
        detail = "It is not kept for this customer, or for a shorter time than the event."
        raise Problem(ProblemKind.RAW_EXPIRED, detail) from None


def _targets(call: Call[Redelivery], stored: StoredEvent) -> tuple[str, ...]:
    """Endpoint ids. Only of customers whose event it is, whoever asks."""
    address = msgspec.json.decode(stored.body, type=_Address)
    directory, chosen = call.services.directory, call.given.endpoint_id
    owners = _owners(call, stored, address)
    if chosen is None:
        # Who pulls has the event in its log, and nothing is sent there.
        routes = directory.routes(owners, address.event, address.platform, address.page_id)
        fitting = directory.fitting(routes, stored.body)
        wanting = [one.endpoint_id for one in fitting if directory.endpoints[one.endpoint_id].type == "push"]
        if not wanting:
            raise Problem(ProblemKind.NO_ENDPOINT, "Name an `endpoint_id`, or change an endpoint's filters.")
        return tuple(wanting)
    endpoint = call.visible.endpoint(chosen)
    if endpoint is None or endpoint.customer_id not in owners:
        raise not_found("endpoint for this event", chosen)
    if endpoint.type == "pull":
        raise Problem(ProblemKind.WRONG_ENDPOINT_TYPE, "It pulls: nothing is sent to it.")
    return (chosen,)


def _owners(call: Call[Redelivery], stored: StoredEvent, address: _Address) -> tuple[str, ...]:
    """Whose event it is, of those that the call may see. Of an unrouted one: who has its page now.

    Which app signed an unrouted event is not kept, so an account that is bound to an app gets none.
    """
    if stored.customer_ids:
        return tuple(one for one in stored.customer_ids if call.customer_id in (None, one))
    return call.services.directory.owners(address.platform, address.page_id, address.waba_id, None)


OPERATIONS = (
    Operation(
        "GET",
        "/v1/events",
        list_events,
        {200: Listing[Event]},
        query=EventQuery,
        problems=(ProblemKind.OPERATOR_ONLY,),
    ),
    Operation("GET", "/v1/events/{id}", get_event, {200: Event}),
    Operation(
        "GET",
        "/v1/events/{id}/raw",
        get_raw_event,
        {200: Media("application/json", "The element, byte for byte.")},
        problems=(ProblemKind.RAW_EXPIRED,),
    ),
    Operation(
        "POST",
        "/v1/events/{id}/redeliver",
        redeliver_event,
        {202: RedeliveryAnswer},
        access="write",
        body=Redelivery,
        problems=(
            ProblemKind.NO_ENDPOINT,
            ProblemKind.WRONG_ENDPOINT_TYPE,
            ProblemKind.RAW_EXPIRED,
            ProblemKind.CONTENT_REMOVED,
        ),
    ),
)
