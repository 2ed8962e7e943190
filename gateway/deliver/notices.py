"""What the gateway itself says about a customer's endpoint, as events. Pure."""

from adapters.event import VERSION, Event
from adapters.parts import EndpointState
from gateway.deliver.outage import disabled_at
from gateway.store.records import Endpoint

FAILING = "endpoint.failing"
DISABLED = "endpoint.disabled"
RECOVERED = "endpoint.recovered"
TEST = "test"


def notice(name: str, endpoint: Endpoint, event_id: str, now: int) -> Event:
    """The event `name` about an endpoint as it is at `now` (Unix milliseconds). Its id is random."""
    ends_at = disabled_at(endpoint)
    state = EndpointState(
        id=endpoint.id,
        url=endpoint.url,
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
        endpoint=state,
    )
