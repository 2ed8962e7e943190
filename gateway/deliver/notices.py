"""What the gateway itself says about a customer's endpoint, as events. Pure."""

from adapters.event import VERSION, Event
from adapters.parts import EndpointState
from gateway.store.records import Endpoint

DISABLED = "endpoint.disabled"
RECOVERED = "endpoint.recovered"
TEST = "test"


def notice(name: str, endpoint: Endpoint, event_id: str, now: int) -> Event:
    """The event `name` about an endpoint as it is at `now` (Unix milliseconds). Its id is random."""
    state = EndpointState(
        id=endpoint.id, url=endpoint.url, state=endpoint.status, reason=endpoint.status_reason
    )
    return Event(
        id=event_id,
        version=VERSION,
        event=name,
        timestamp=now // 1_000,
        timestamp_ms=now,
        endpoint=state,
    )
