"""Trying an endpoint: with the event `test`, or with a sample of any other."""

from typing import Annotated
from uuid import uuid4

from msgspec import Meta, Struct
from starlette.responses import Response

from adapters import ADAPTERS
from adapters.event import Event, Placement
from adapters.names import EVENTS
from gateway.api.answers import answer
from gateway.api.bodies import Input
from gateway.api.endpoints import endpoint_of
from gateway.api.operations import Call, Operation
from gateway.api.problems import Problem, ProblemKind, invalid
from gateway.deliver.notices import ABOUT_ENDPOINTS, TEST, notice
from gateway.deliver.socialhook import CARRIED
from gateway.identifiers import new_id
from gateway.samples import placement, sample
from gateway.store.identifiers import delivery_id
from gateway.store.records import Emission, Endpoint

_FORMATS = ("native", "cloudevents")
"""What carries every event."""


class Trial(Input, frozen=True, kw_only=True):
    """What to try an endpoint with."""

    event: Annotated[str, Meta(max_length=128)] = TEST
    """`test` if not said; else a sample of such an event, marked `test: true`."""
    platform: Annotated[str, Meta(max_length=128)] | None = None
    """Whose sample; of the first platform that has one if not said."""


class EndpointTest(Struct, frozen=True, kw_only=True):
    """A test event on its way."""

    event_id: str
    delivery_id: str
    """Its attempts are at `/v1/deliveries/{id}/attempts`."""


async def test_endpoint(call: Call[Trial]) -> Response:
    """Send an event `test`, or a sample of another, to an endpoint, whatever its filters.

    An endpoint that is not active gets it later.
    """
    endpoint, services = endpoint_of(call), call.services
    if endpoint.type == "pull":
        raise Problem(ProblemKind.WRONG_ENDPOINT_TYPE, "It pulls: nothing is sent to it.")
    now = services.clock()
    event = _event(call.given, endpoint, now)
    _check_format(endpoint, event)
    emission = Emission(
        event=event,
        at=now,
        customer_id=endpoint.customer_id,
        endpoint_ids=(endpoint.id,),
        placement=placement(event, uuid4(), now) or Placement(),
    )
    await services.store.emit(emission)
    services.wake(endpoint.id)
    return answer(EndpointTest(event_id=event.id, delivery_id=delivery_id(event.id, endpoint.id)), 202)


def _event(given: Trial, endpoint: Endpoint, now: int) -> Event:
    """What was asked for. Raises Problem (422)."""
    name, event_id = given.event, new_id("evt")
    if name not in EVENTS:
        raise invalid("event", f"{name[:60]!r} is not an event")
    if given.platform is not None and given.platform not in ADAPTERS:
        raise invalid("platform", f"is none of {', '.join(ADAPTERS)}")
    if name == TEST:
        return notice(TEST, endpoint, event_id, now)
    if name in ABOUT_ENDPOINTS:
        return notice(name, endpoint, event_id, now, test=True)
    platforms = tuple(ADAPTERS) if given.platform is None else (given.platform,)
    for platform in platforms:
        if (event := sample(name, platform, event_id, now)) is not None:
            return event
    raise invalid("event", f"there is no sample of {name} on {', '.join(platforms)}")


def _check_format(endpoint: Endpoint, event: Event) -> None:
    """Raise Problem (409) where the endpoint's format would leave the event out."""
    if endpoint.format in _FORMATS or (endpoint.format == "socialhook" and event.event in CARRIED):
        return
    detail = f"The format {endpoint.format} leaves it out. Try it in one of: {', '.join(_FORMATS)}."
    raise Problem(ProblemKind.FORMAT_WITHOUT_TEST, detail)


OPERATIONS = (
    Operation(
        "POST",
        "/v1/endpoints/{id}/test",
        test_endpoint,
        {202: EndpointTest},
        access="write",
        body=Trial,
        problems=(ProblemKind.FORMAT_WITHOUT_TEST, ProblemKind.WRONG_ENDPOINT_TYPE),
    ),
)
