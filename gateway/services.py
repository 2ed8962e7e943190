"""What the parts of a running gateway share; put together in app.py, nowhere else."""

from collections.abc import Callable

from msgspec import Struct

from gateway.clock import Clock
from gateway.directory import Directory
from gateway.doorbell import Doorbell
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.metrics import Counts
from gateway.settings import Settings
from gateway.store.base import Store


class Services(Struct, frozen=True, kw_only=True):
    """Handed to the webhook endpoint and to the API."""

    settings: Settings
    store: Store
    directory: Directory
    refusals: Refusals
    counts: Counts
    clock: Clock
    wake: Callable[[str], None]
    """Tells the dispatcher that an endpoint has something due now."""
    intake: Intake
    graph: Graph
    downloads: Downloads
    doorbell: Doorbell
    """Rings when there is something for an endpoint that pulls."""
