"""Metrics, for Prometheus. No key is needed: they are totals, and name no customer, endpoint or page."""

from collections.abc import Iterator

from starlette.responses import Response

from gateway.api.operations import Call, Media, Operation
from gateway.metrics import MEDIA_TYPE, Metric, counted, render, single
from gateway.store.base import StoreUnavailable
from gateway.store.records import Health

_FACTS = {
    "bytes": ("gateway_store_bytes", "Size of the store."),
    "unused_bytes": ("gateway_store_unused_bytes", "Space in the store that new events take first."),
    "wal_bytes": ("gateway_store_wal_bytes", "Size of the write-ahead log."),
    "free_disk_bytes": ("gateway_disk_free_bytes", "Free space of the store's disk."),
    "intake_stops": ("gateway_intake_stops_total", "How often nothing new could be taken in."),
}
"""Facts that a store may have, as metrics."""


async def get_metrics(call: Call[None]) -> Response:
    """Count what came in, what went out and what waits, in the text format of Prometheus."""
    services = call.services
    health = await services.store.health()
    shown = [*counted(services.counts), *_of_store(health)]
    try:
        due = [waiting.due_at for waiting in await services.store.backlog()]
    except StoreUnavailable:
        return _text(shown)
    now = services.clock()
    age = max(now - min(due, default=now), 0) / 1000
    explanation = "Age of the delivery that has been due longest; 0 if none is."
    return _text([*shown, single("gateway_oldest_due_seconds", explanation, age)])


def _of_store(health: Health) -> Iterator[Metric]:
    yield single("gateway_store_writable", "1 if events can be stored.", int(health.writable))
    for fact, (name, explanation) in _FACTS.items():
        if fact in health.facts:
            yield single(name, explanation, health.facts[fact])


def _text(metrics: list[Metric]) -> Response:
    return Response(render(metrics), media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})


OPERATIONS = (
    Operation(
        "GET",
        "/metrics",
        get_metrics,
        {200: Media("text/plain", "The metrics.")},
        access="open",
    ),
)
