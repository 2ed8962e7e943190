"""What the parts of a running gateway share; put together in app.py, nowhere else."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from adapters.base import Identity
from gateway.accounts.care import Care
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.doorbell import Doorbell
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.inbound.intake import Intake
from gateway.inbound.refusals import Refusals
from gateway.metrics import Counts
from gateway.send.sending import Sending
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.contact import KnownContact, KnownProfile

Refresh = Callable[[str, str, Identity], Awaitable[KnownProfile | None]]
"""Platform, page id, whose profile."""


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
    sending: Sending
    refresh: Refresh
    """Asks the platform for a person's profile."""
    match: Callable[[KnownContact], Awaitable[None]]
    """Asks the platform for a person's ids with the business's apps."""
    find_pages: Callable[[Identity], Awaitable[tuple[Identity, ...] | None]]
    """Asks the platform for the PSIDs of whom an app knows; None: it cannot be asked now."""
    seek: Callable[[str], bool]
    """Has a platform asked soon for the other ids of those whose erasure waits; whether it is ever asked."""
    intake: Intake
    care: Care
    fetch: Callable[[], None]
    """Something that was missed is to be fetched for an account."""
    graph: Graph
    downloads: Downloads
    doorbell: Doorbell
    """Rings when there is something for an endpoint that pulls."""
