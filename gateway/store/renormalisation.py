"""A re-normalisation as it is stored: stored elements are decoded again, and what that changes.

A run goes in steps. Outside the store each element of a step is decoded and compared; the step that
comes back is applied in one change, if the run is still where the step began.
"""

from typing import Literal

from adapters.base import Decoded, Quarantined
from gateway.store.record import Record
from gateway.store.records import Arrival, Route

State = Literal["running", "done", "cancelled"]


class RenormalisationPlan(Record, frozen=True, kw_only=True):
    """Which elements; None means any."""

    since: int
    """Taken in at this moment or later."""
    until: int
    """Taken in before this moment."""
    customer_id: str | None = None
    """Only what this customer has and nobody else. None: everything, what nobody owns included."""
    event: str | None = None
    """What was made of them: an exact name or `family.*`."""
    platform: str | None = None
    page_id: str | None = None
    dry_run: bool = False
    """Only count."""

    @property
    def quarantine(self) -> bool:
        """Whether what could not be read is read again too: nobody knows whose, or about what, it is."""
        return self.customer_id is None and self.event is None and self.page_id is None


class Renormalisation(Record, frozen=True, kw_only=True):
    """A plan on its way."""

    id: str
    plan: RenormalisationPlan
    created_at: int
    rate: int
    """Events changed per second, at most."""
    matched: int = 0
    """How many elements fitted the plan when it was made."""
    state: State = "running"
    examined: int = 0
    """Elements looked at so far."""
    revised: int = 0
    """Events that got another content."""
    added: int = 0
    """Events that were not there before."""
    finished_at: int | None = None
    position: str = ""
    """How far it has come; empty at the beginning."""
    cursor: str = ""


class KeptElement(Record, frozen=True, kw_only=True):
    """An element as it is kept, and what was made of it when it came."""

    place: int
    """The store's own key, to be handed back with what becomes of it."""
    platform: str
    envelope: bytes
    """Valid input to `decode`; of what is quarantined, all there is."""
    event_id: str | None = None
    """None: it is in quarantine."""
    page_id: str = ""
    body: bytes = b""
    customer_ids: tuple[str, ...] = ()
    revision: int = 1


class ElementPage(Record, frozen=True, kw_only=True):
    """A stretch of a plan."""

    elements: tuple[KeptElement, ...]
    position: str
    """How far it was looked through: the next stretch begins behind it."""
    more: bool


class Revision(Record, frozen=True, kw_only=True):
    """An event that keeps its id and its place and gets another content."""

    place: int
    revision: int
    """The one that it was compared with: if there is a newer one by now, nothing happens."""
    decoded: Decoded
    body: bytes
    """Complete but for `revision`, and for contact and conversation where it had none."""
    routes: tuple[Route, ...]


class Supersession(Record, frozen=True, kw_only=True):
    """An event whose element is something else today."""

    place: int
    by: tuple[str, ...]


class Addition(Record, frozen=True, kw_only=True):
    """A new event, and what it was read from: if any of that is gone by now, nothing happens."""

    arrival: Arrival
    events: tuple[int, ...] = ()
    """Places of events …"""
    quarantined: tuple[int, ...] = ()
    """… and in quarantine."""


class Clearing(Record, frozen=True, kw_only=True):
    """Something in quarantine that can be read now."""

    place: int
    platform: str
    left: tuple[Quarantined, ...]
    """The parts that still cannot."""


class Step(Record, frozen=True, kw_only=True):
    """What comes of one stretch."""

    renormalisation_id: str
    begins: str
    """Where the run must be for the step to count."""
    ends: str
    last: bool
    examined: int
    at: int
    revisions: tuple[Revision, ...] = ()
    additions: tuple[Addition, ...] = ()
    """One whose id was ever taken in is left out."""
    supersessions: tuple[Supersession, ...] = ()
    clearings: tuple[Clearing, ...] = ()
