"""A replay as it is stored: which events go to an endpoint once more, and how far that has come."""

from typing import Literal

from msgspec import field

from gateway.store.conditions import Conditions
from gateway.store.record import Record

ReplayState = Literal["running", "done", "cancelled"]
Wanted = Literal["missing", "dead", "all"]
"""`missing`: never delivered · `dead`: whose delivery died · `all`. Never what is due anyway."""
FASTEST = 1_000
"""Deliveries per second of a replay: more of them would hold up what comes in."""


class Selection(Record, frozen=True, kw_only=True):
    """Which events, in the way of an endpoint's filters: empty means all."""

    events: tuple[str, ...] = ()
    """Exact names or `family.*`."""
    platforms: tuple[str, ...] = ()
    page_ids: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=dict)

    def takes(self, event: str, platform: str, page_id: str) -> bool:
        """Whether an event is among them."""
        family = event.partition(".")[0] + ".*"
        return (
            (not self.events or event in self.events or family in self.events)
            and (not self.platforms or platform in self.platforms)
            and (not self.page_ids or page_id in self.page_ids)
        )


class ReplayPlan(Record, frozen=True, kw_only=True):
    """Which events go to which endpoint. Events of the gateway's own are in no replay."""

    endpoint_id: str
    since: int
    """Taken in at this moment or later."""
    until: int
    """Taken in before this moment."""
    selections: tuple[Selection, ...] = ()
    """An event must fit all of them."""
    conversation_id: str | None = None
    wanted: Wanted = "missing"
    unrouted: bool = False
    """Only what nobody owns; it becomes the property of the endpoint's customer."""


class Replay(Record, frozen=True, kw_only=True):
    """A plan on its way."""

    id: str
    customer_id: str
    plan: ReplayPlan
    created_at: int
    rate: int = FASTEST
    """Deliveries made due per second."""
    matched: int = 0
    """How many events fitted the plan when it was made."""
    state: ReplayState = "running"
    done: int = 0
    """Deliveries made due so far."""
    finished_at: int | None = None
    cursor: str = ""
