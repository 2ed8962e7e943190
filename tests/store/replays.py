"""Replays for the tests, and what comes of them."""

from collections.abc import Sequence
from typing import Any

from gateway.store.base import Store
from gateway.store.records import Arrival
from gateway.store.replay import FASTEST, Replay, ReplayPlan, Selection
from tests.store.samples import LEASE, NOW, message, psid, succeeded

LATER = NOW + 60_000


def plan(*selections: Selection, **fields: Any) -> ReplayPlan:
    """All that came before LATER, to `ep_1`, but for what the store makes of its own accord."""
    chosen = (Selection(events=("message.*", "reaction.added", "status.update")), *selections)
    return ReplayPlan(**{"endpoint_id": "ep_1", "since": 0, "until": LATER, "selections": chosen, **fields})


def asked(identifier: str = "rpl_1", *, rate: int = FASTEST, **fields: Any) -> Replay:
    """A replay that was asked for at LATER."""
    which = plan(**fields)
    return Replay(id=identifier, customer_id="default", plan=which, created_at=LATER, rate=rate)


def sparse(count: int) -> list[Arrival]:
    """One message each of so many people, which no endpoint was there for."""
    return [message(f"m_{number}", psid(str(number))) for number in range(count)]


async def run(store: Store, now: int = LATER) -> int:
    """Advance until nothing is due at `now`; how many steps that took."""
    steps = 0
    while await store.advance_replay(now) is not None:
        steps += 1
    return steps


async def due(store: Store, endpoint_id: str = "ep_1", now: int = LATER) -> list[str]:
    """Ids of the events that are due, in the order in which they go; each is delivered here."""
    found: list[str] = []
    while jobs := (await store.claim(endpoint_id, now, LEASE, 1_000, 1_000))[0]:
        found += [job.event_id for job in jobs]
        await store.finish([succeeded(job, now) for job in jobs])
    return found


async def ids(store: Store, arrivals: Sequence[Arrival]) -> list[str]:
    return [admission.event_id for admission in await store.accept(arrivals)]
