"""Pruning: what is too old goes in steps; ids and the state of conversations stay."""

import pytest

from adapters.base import Quarantined
from gateway.store.base import Store
from gateway.store.records import DeliveryFilter, EventFilter, PageRequest
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    arrival,
    body_of,
    claimed,
    event,
    message,
    psid,
    status,
    succeeded,
)

pytestmark = pytest.mark.anyio


async def pruned(store: Store, now: int, retention: int = 30 * DAY, limit: int = 3) -> list[int]:
    """The steps that it takes to prune everything."""
    steps = []
    while step := await store.prune(now, retention, limit):
        steps.append(step)
    return steps


async def test_old_events_go_with_all_that_belongs_to_them(store: Store) -> None:
    (old,) = await store.accept([message("m_1", routes=claimed("ep_1"))])
    await store.finish([succeeded(old.jobs[0])])
    (new,) = await store.accept([message("m_2", at=NOW + DAY)])
    await pruned(store, NOW + 30 * DAY + 1)
    assert [one.id for one in (await store.events(None, EventFilter(), PageRequest())).data] == [new.event_id]
    assert not (await store.deliveries(None, DeliveryFilter(), PageRequest())).data
    assert await store.raw(None, old.event_id) is None
    assert await store.attempts(None, old.jobs[0].delivery_id) is None


async def test_pruning_goes_in_steps_and_ends(store: Store) -> None:
    comments = [arrival(event("comment.received", f"c_{n}")) for n in range(8)]
    await store.accept(comments)
    assert (await pruned(store, NOW + 30 * DAY + 1))[:3] == [3, 3, 2]
    assert await store.prune(NOW + 30 * DAY + 1, 30 * DAY, 3) == 0


async def test_nothing_goes_before_its_time(store: Store) -> None:
    await store.accept([message()])
    assert await pruned(store, NOW + 30 * DAY) == []


async def test_ids_are_known_for_eight_days_whatever_the_retention(store: Store) -> None:
    (admission,) = await store.accept([message()])
    await pruned(store, NOW + 8 * DAY, retention=DAY)
    assert await store.event(None, admission.event_id) is None
    (again,) = await store.accept([message(at=NOW + 8 * DAY)])
    assert again.state == "duplicate"


async def test_ids_are_forgotten_in_the_end(store: Store) -> None:
    await store.accept([message()])
    await store.accept([status(3, "m_1")])
    await pruned(store, NOW + 60 * DAY)
    (again,) = await store.accept([message(at=NOW + 60 * DAY)])
    assert again.state == "stored"


async def test_numbers_and_windows_go_on_after_everything_was_pruned(store: Store) -> None:
    await store.accept([message("m_1")])
    before = await store.event(None, message("m_1").decoded.event.id)
    await pruned(store, NOW + 40 * DAY)
    (after,) = await store.accept([status(1, "m_9", at=NOW + 41 * DAY)])
    stored = await store.event(None, after.event_id)
    assert before is not None and stored is not None
    old, new = body_of(before), body_of(stored)
    assert (new["sequence"], new["conversation_id"]) == (old["sequence"] + 1, old["conversation_id"])
    assert new["window"] == old["window"]


async def test_who_waited_behind_an_expired_delivery_is_released(store: Store) -> None:
    await store.accept([message("m_1", routes=claimed("ep_1"))])
    (late,) = await store.accept([message("m_2", at=NOW + DAY, routes=claimed("ep_1"))])
    await pruned(store, NOW + 30 * DAY + 1)
    jobs, _ = await store.claim("ep_1", NOW + 30 * DAY + 1, LEASE, 9, 9)
    assert [job.event_id for job in jobs] == [late.event_id]


async def test_old_quarantine_goes_too(store: Store) -> None:
    await store.quarantine("facebook", NOW, [Quarantined(reason="not_json", pointer="", body=b"{")])
    await pruned(store, NOW + 30 * DAY + 1)
    assert not (await store.quarantined(PageRequest())).data


async def test_pruning_beside_traffic_takes_nothing_new(store: Store) -> None:
    await store.accept([message(f"m_{n}", psid(str(2000 + n))) for n in range(5)])
    await store.accept([message(f"n_{n}", psid(str(2000 + n)), at=NOW + 31 * DAY) for n in range(5)])
    await pruned(store, NOW + 31 * DAY)
    kept = await store.events(None, EventFilter(event="message.received"), PageRequest())
    assert {body_of(one)["message"]["id"][0] for one in kept.data} == {"n"}
