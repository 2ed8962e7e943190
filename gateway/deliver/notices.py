"""What the gateway itself says about a customer's endpoint, as events. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.event import VERSION, Event
from adapters.parts import DeadDeliveries, DeadDelivery, EndpointState
from gateway.deliver.outage import disabled_at
from gateway.store.records import Endpoint

FAILING = "endpoint.failing"
DISABLED = "endpoint.disabled"
RECOVERED = "endpoint.recovered"
TEST = "test"
DEAD = "delivery.dead"
ABOUT_ENDPOINTS = (FAILING, DISABLED, RECOVERED)
LISTED = 100
"""So many deliveries are named in one event; the others are counted."""


def notice(name: str, endpoint: Endpoint, event_id: str, now: int, *, test: bool = False) -> Event:
    """The event `name` about an endpoint as it is at `now` (Unix milliseconds). Its id is random."""
    ends_at = disabled_at(endpoint)
    state = EndpointState(
        id=endpoint.id,
        url=_place(endpoint),
        state=endpoint.status,
        reason=endpoint.status_reason,
        disabled_at=None if ends_at is None else ends_at // 1_000,
    )
    return Event(
        id=event_id,
        version=VERSION,
        event=name,
        timestamp=now // 1_000,
        timestamp_ms=now,
        test=test,
        endpoint=state,
    )


def dead(
    endpoint: Endpoint, count: int, deliveries: Sequence[DeadDelivery], event_id: str, now: int
) -> Event:
    """The event that `count` deliveries to an endpoint were given up, the first of them by name.

    It is a test where all that it names are: nothing that a platform has told is missing then.
    """
    given_up = DeadDeliveries(
        endpoint_id=endpoint.id, url=_place(endpoint), count=count, deliveries=tuple(deliveries)
    )
    return Event(
        id=event_id,
        version=VERSION,
        event=DEAD,
        timestamp=now // 1_000,
        timestamp_ms=now,
        test=count == len(deliveries) and all(one.test for one in deliveries),
        delivery=given_up,
    )


def _place(endpoint: Endpoint) -> str | None:
    """Where it is, without path and query: others hear of it, and these hold tokens as often as not."""
    if endpoint.url is None:
        return None
    parts = urlsplit(endpoint.url)
    return f"{parts.scheme}://{parts.netloc}"
