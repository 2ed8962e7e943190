"""Redelivery: one event again to one endpoint, from the start of the schedule."""

import pytest

from gateway.store.base import Store
from gateway.store.records import Customer, DeliveryFilter, Job, PageRequest
from tests.store.samples import (
    LEASE,
    NOW,
    claimed,
    dead,
    endpoint,
    failed,
    message,
    psid,
    succeeded,
)

pytestmark = pytest.mark.anyio

LATER = NOW + 60_000


async def finished(store: Store, mid: str = "m_1") -> Job:
    """A delivery that has died."""
    (admission,) = await store.accept([message(mid, routes=claimed("ep_1"))])
    await store.finish([dead(admission.jobs[0])])
    return admission.jobs[0]


async def test_a_dead_delivery_is_due_again_with_a_fresh_schedule(store: Store) -> None:
    job = await finished(store)
    assert await store.redeliver("default", job.event_id, "ep_1", LATER)
    ((again,), _) = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert (again.delivery_id, again.webhook_id, again.body) == (job.delivery_id, job.webhook_id, job.body)
    assert (again.claim, again.attempts, again.replay, again.first_failed_at) == (2, 0, True, None)
    await store.finish([succeeded(again)])
    attempts = await store.attempts(None, job.delivery_id)
    assert attempts is not None and [one.status for one in attempts] == [500, 200]
    assert [one.state for one in (await store.deliveries(None, DeliveryFilter(), PageRequest())).data] == [
        "delivered"
    ]


async def test_a_failed_delivery_starts_anew_at_once(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await store.finish([failed(admission.jobs[0], NOW + 90_000_000)])
    assert await store.redeliver("default", admission.event_id, "ep_1", LATER)
    ((again,), _) = await store.claim("ep_1", LATER, LEASE, 10, 0)
    assert (again.attempts, again.replay) == (0, True)


async def test_what_goes_again_has_the_endpoints_present_format(store: Store) -> None:
    died = await finished(store)
    (waiting,) = await store.accept([message("m_2", psid("2"), routes=claimed("ep_1"))])
    await store.finish([failed(waiting.jobs[0], NOW + 90_000_000)])
    await store.put_endpoint(endpoint(format="raw"))
    for event_id in (died.event_id, waiting.event_id):
        await store.redeliver("default", event_id, "ep_1", LATER)
    jobs, _ = await store.claim("ep_1", LATER, LEASE, 10, 10)
    assert [job.format for job in jobs] == ["raw", "raw"]


async def test_what_is_being_tried_is_left_alone(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    assert await store.redeliver("default", admission.event_id, "ep_1", NOW + 1)
    assert await store.claim("ep_1", NOW + 1, LEASE, 10, 10) == ([], None)
    assert (await store.finish([succeeded(admission.jobs[0])]))[0].moved


async def test_an_event_that_never_went_to_an_endpoint_can_go_there(store: Store) -> None:
    (admission,) = await store.accept([message()])
    await store.put_endpoint(endpoint("ep_2"))
    assert await store.redeliver("default", admission.event_id, "ep_2", LATER)
    ((job,), _) = await store.claim("ep_2", LATER, LEASE, 10, 10)
    assert (job.event_id, job.claim, job.created_at) == (admission.event_id, 1, LATER)


async def test_a_replay_keeps_its_place_in_the_conversation(store: Store) -> None:
    jobs = [await finished(store, f"m_{n}") for n in range(2)]
    for job in jobs:
        await store.redeliver("default", job.event_id, "ep_1", LATER)
    (live,) = await store.accept([message("m_3", routes=claimed("ep_1"))])
    assert not live.jobs
    order = []
    while claimed_now := (await store.claim("ep_1", LATER, LEASE, 10, 10))[0]:
        (job,) = claimed_now
        order.append(job.event_id)
        await store.finish([succeeded(job)])
    assert order == [*(job.event_id for job in jobs), live.event_id]


async def test_a_replay_waits_for_nothing_that_came_later(store: Store) -> None:
    old = await finished(store, "m_1")
    (newer,) = await store.accept([message("m_2", routes=claimed("ep_1"))])
    await store.redeliver("default", old.event_id, "ep_1", NOW + 1)
    ((job,), _) = await store.claim("ep_1", NOW + 1, LEASE, 10, 10)
    assert job.event_id == old.event_id
    assert not (await store.finish([succeeded(newer.jobs[0])]))[0].released


async def test_nobody_replays_what_is_not_theirs(store: Store) -> None:
    await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
    await store.put_endpoint(endpoint("ep_2", "cus_2"))
    job = await finished(store)
    assert not await store.redeliver("cus_2", job.event_id, "ep_2", LATER)
    assert not await store.redeliver("cus_2", job.event_id, "ep_1", LATER)
    assert not await store.redeliver(None, job.event_id, "ep_2", LATER)
    assert not await store.redeliver("default", "evt_unknown", "ep_1", LATER)
    assert not await store.redeliver("default", job.event_id, "ep_unknown", LATER)


async def test_the_operator_replays_an_unrouted_event_to_who_connected_the_page(store: Store) -> None:
    (admission,) = await store.accept([message(person=psid("2001"), customer_ids=())])
    assert not await store.redeliver("default", admission.event_id, "ep_1", LATER)
    assert await store.redeliver(None, admission.event_id, "ep_1", LATER)
    stored = await store.event("default", admission.event_id)
    assert stored is not None and stored.customer_ids == ("default",)
    assert len((await store.claim("ep_1", LATER, LEASE, 10, 10))[0]) == 1
