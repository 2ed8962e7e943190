"""Deliveries: each event on its way to each endpoint, and every attempt made."""

from msgspec import Struct
from starlette.responses import Response

from gateway.api.answers import answer, view
from gateway.api.operations import Call, Operation
from gateway.api.paging import Listing, ListQuery, Query, shown
from gateway.api.problems import not_found
from gateway.deliver.header_log import shown as shown_headers
from gateway.store import records
from gateway.store.identifiers import parts_of_delivery


class Delivery(Struct, frozen=True, kw_only=True):
    """One event on its way to one endpoint."""

    id: str
    event_id: str
    endpoint_id: str
    state: records.DeliveryState
    """`pending`: untried. `failed`: tried, and a retry is due. `delivered`. `dead`: spent or aborted."""
    attempts: int
    """Made so far, those before a redelivery included; without those that are too old to be kept."""
    created_at_ms: int
    due_at_ms: int | None
    """When the next attempt is due."""
    finished_at_ms: int | None


class Attempt(Struct, frozen=True, kw_only=True):
    """One exchange with a receiver."""

    at_ms: int
    duration_ms: int
    error: str | None
    """`dns connect tls timeout reset status redirect too_large blocked_address raw_expired`; null: taken."""
    status: int | None
    """The HTTP status that the receiver answered."""
    detail: str | None
    response: str
    """The first bytes of the receiver's answer."""
    request_headers: dict[str, str]
    """As they were sent; of your own headers the names only. Empty: nothing was sent, or it was long ago."""
    response_headers: dict[str, str]
    """The main ones of the answer, such as `content-type`, `server`, `retry-after`."""


class DeliveryQuery(ListQuery, frozen=True, kw_only=True):
    """Which deliveries."""

    event_id: str | None = None
    endpoint_id: str | None = None
    state: records.DeliveryState | None = None


async def list_deliveries(call: Call[DeliveryQuery]) -> Response:
    """List deliveries."""
    query = call.given
    which = records.DeliveryFilter(event_id=query.event_id, endpoint_id=query.endpoint_id, state=query.state)
    page = await call.services.store.deliveries(call.customer_id, which, query.page())
    return answer(shown(page, _show))


async def get_delivery(call: Call[Query]) -> Response:
    """Show one delivery."""
    delivery = await call.services.store.delivery(call.customer_id, call.path["id"])
    if delivery is None:
        raise not_found("delivery", call.path["id"])
    return answer(_show(delivery))


async def list_attempts(call: Call[Query]) -> Response:
    """List every attempt of a delivery, oldest first."""
    attempts = await call.services.store.attempts(call.customer_id, call.path["id"])
    if attempts is None:
        raise not_found("delivery", call.path["id"])
    event_id = _event_id(call.path["id"])
    return answer(Listing(data=tuple(_show_attempt(one, event_id) for one in attempts), next_cursor=None))


def _event_id(delivery_id: str) -> str:
    parts = parts_of_delivery(delivery_id)
    return "" if parts is None else parts[0]


def _show_attempt(attempt: records.Attempt, event_id: str) -> Attempt:
    headers = shown_headers(attempt.request_headers, event_id, attempt.at)
    return view(Attempt, attempt, at_ms=attempt.at, request_headers=headers)


def _show(delivery: records.Delivery) -> Delivery:
    return view(
        Delivery,
        delivery,
        created_at_ms=delivery.created_at,
        due_at_ms=delivery.due_at,
        finished_at_ms=delivery.finished_at,
    )


OPERATIONS = (
    Operation("GET", "/v1/deliveries", list_deliveries, {200: Listing[Delivery]}, query=DeliveryQuery),
    Operation("GET", "/v1/deliveries/{id}", get_delivery, {200: Delivery}),
    Operation("GET", "/v1/deliveries/{id}/attempts", list_attempts, {200: Listing[Attempt]}),
)
