"""Pruning: what is too old goes in steps; ids and the state of conversations stay."""

import pytest

from adapters.base import Quarantined
from gateway.store.base import RawExpired, Store
from gateway.store.records import DeliveryFilter, EventFilter, PageRequest
from gateway.store.retention import Retention
from tests.store.conftest import OpenStore
from tests.store.samples import (
    DAY,
    LEASE,
    NOW,
    arrival,
    body_of,
    claimed,
    dead,
    endpoint,
    event,
    failed,
    message,
    psid,
    retaining,
    status,
    succeeded,
)

pytestmark = pytest.mark.anyio
WHOLE = retaining()
RAW_FOR_A_DAY = retaining(raw_ms=DAY)
ATTEMPTS_FOR_A_DAY = retaining(attempts_ms=DAY)


async def pruned(store: Store, now: int, retention: Retention = WHOLE, limit: int = 3) -> list[int]:
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
    assert await store.prune(NOW + 30 * DAY + 1, WHOLE, 3) == 0


async def test_nothing_goes_before_its_time(store: Store) -> None:
    await store.accept([message()])
    assert await pruned(store, NOW + 30 * DAY) == []


async def test_ids_are_known_for_eight_days_whatever_the_retention(store: Store) -> None:
    (admission,) = await store.accept([message()])
    await pruned(store, NOW + 8 * DAY, retention=retaining(DAY))
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


async def is_expired(store: Store, event_id: str) -> bool:
    """Whether the raw element is gone and its event is not."""
    assert await store.event(None, event_id) is not None
    try:
        assert await store.raw(None, event_id) is not None
    except RawExpired:
        return True
    return False


async def attempts_of(store: Store, delivery_id: str) -> int:
    """How many are kept of a delivery that is kept."""
    kept = await store.attempts(None, delivery_id)
    assert kept is not None
    return len(kept)


async def test_raw_elements_can_go_before_their_events(store: Store) -> None:
    (old,) = await store.accept([message("m_1")])
    (new,) = await store.accept([message("m_2", at=NOW + DAY)])
    await pruned(store, NOW + DAY, RAW_FOR_A_DAY)
    assert not await is_expired(store, old.event_id)
    await pruned(store, NOW + DAY + 1, RAW_FOR_A_DAY)
    assert await is_expired(store, old.event_id)
    assert not await is_expired(store, new.event_id)


async def test_an_event_of_the_gateway_has_no_raw_element_to_expire(store: Store) -> None:
    await store.accept([message()])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    events = await store.events(None, EventFilter(event="conversation.started"), PageRequest())
    assert await store.raw(None, events.data[0].id) is None


async def test_an_open_delivery_keeps_the_raw_element_until_it_ends(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    assert not await is_expired(store, admission.event_id)
    await store.finish([succeeded(admission.jobs[0], at=NOW + 2 * DAY)])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    assert await is_expired(store, admission.event_id)


async def test_the_last_of_several_open_deliveries_lets_the_raw_element_go(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    (admission,) = await store.accept([message(routes=claimed("ep_1", "ep_2"))])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    for job, expired in zip(admission.jobs, (False, True), strict=True):
        await store.finish([dead(job, at=NOW + 2 * DAY)])
        await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
        assert await is_expired(store, admission.event_id) == expired


async def test_a_deleted_endpoint_lets_raw_elements_go(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    await store.delete_endpoint("ep_1")
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    assert await is_expired(store, admission.event_id)


async def test_raw_elements_go_in_steps_and_pruning_ends(store: Store) -> None:
    await store.accept([arrival(event("comment.received", f"c_{n}")) for n in range(8)])
    assert await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY) == [3, 3, 2]
    assert await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY) == []


async def test_what_could_not_be_read_is_raw_too(store: Store) -> None:
    await store.quarantine("facebook", NOW, [Quarantined(reason="not_json", pointer="", body=b"{")])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    assert not (await store.quarantined(PageRequest())).data


async def test_attempts_can_go_before_their_events(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    (job,) = admission.jobs
    await store.finish([succeeded(job)])
    await pruned(store, NOW + DAY, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 1
    await pruned(store, NOW + DAY + 1, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 0


async def test_attempts_age_by_their_own_time_not_by_their_event_s(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    (job,) = admission.jobs
    await store.finish([dead(job)])
    await pruned(store, NOW + 3 * DAY, ATTEMPTS_FOR_A_DAY)
    await store.redeliver(None, admission.event_id, "ep_1", NOW + 3 * DAY)
    (again,), _ = await store.claim("ep_1", NOW + 3 * DAY, LEASE, 1, 1)
    await store.finish([succeeded(again, at=NOW + 3 * DAY)])
    await pruned(store, NOW + 4 * DAY, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 1
    await pruned(store, NOW + 4 * DAY + 1, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 0


async def test_an_open_delivery_keeps_its_attempts(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    (job,) = admission.jobs
    await store.finish([failed(job, due_at=NOW + 5 * DAY)])
    await pruned(store, NOW + 3 * DAY, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 1
    (again,), _ = await store.claim("ep_1", NOW + 5 * DAY, LEASE, 1, 1)
    await store.finish([dead(again, at=NOW + 5 * DAY)])
    await pruned(store, NOW + 6 * DAY + 1, ATTEMPTS_FOR_A_DAY)
    assert await attempts_of(store, job.delivery_id) == 0


async def test_an_event_without_its_raw_element_can_be_delivered_again(store: Store) -> None:
    (admission,) = await store.accept([message()])
    await pruned(store, NOW + 2 * DAY, RAW_FOR_A_DAY)
    assert await store.redeliver(None, admission.event_id, "ep_1", NOW + 2 * DAY)
    jobs, _ = await store.claim("ep_1", NOW + 2 * DAY, LEASE, 1, 1)
    assert [job.event_id for job in jobs] == [admission.event_id]


async def test_pruning_goes_on_where_it_was_after_a_restart(open_store: OpenStore) -> None:
    store = await open_store()
    await store.accept([arrival(event("comment.received", f"c_{n}")) for n in range(5)])
    await store.prune(NOW + 2 * DAY, RAW_FOR_A_DAY, 3)
    await store.close()
    assert await pruned(await open_store(), NOW + 2 * DAY, RAW_FOR_A_DAY) == [2]
