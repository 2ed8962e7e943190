"""What the parts of a running gateway share; put together in app.py, nowhere else."""

from collections.abc import Callable

from msgspec import Struct

from gateway.clock import Clock
from gateway.directory import Directory
from gateway.doorbell import Doorbell
from gateway.inbound.refusals import Refusals
from gateway.metrics import Counts
from gateway.send.sending import Sending
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
    sending: Sending | None
    """None where the store has no outbox."""
    doorbell: Doorbell
    """Rings when there is something for an endpoint that pulls."""
