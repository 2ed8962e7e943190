"""Outcomes: a delivery moves only for its newest claim, and lets the next of its conversation go."""

import pytest
from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.records import Attempt, Delivery, Job, Outcome, Route
from tests.store.samples import (
    LEASE,
    NOW,
    claimed,
    dead,
    endpoint,
    failed,
    message,
    psid,
    queued,
    succeeded,
)

pytestmark = pytest.mark.anyio


async def job_of(store: Store, mid: str = "m_1", routes: tuple[Route, ...] = claimed("ep_1")) -> Job:
    """The job of a message that is claimed at once."""
    (admission,) = await store.accept([message(mid, routes=routes)])
    (job,) = admission.jobs
    return job


async def delivery_of(store: Store, job: Job) -> Delivery:
    delivery = await store.delivery(None, job.delivery_id)
    assert delivery is not None
    return delivery


async def test_an_attempt_keeps_the_headers_of_both_sides(store: Store) -> None:
    job = await job_of(store)
    attempt = Attempt(
        at=NOW,
        duration_ms=5,
        status=200,
        request_headers={"webhook-signature": "v1,abc"},
        response_headers={"server": "nginx"},
    )
    await store.finish([Outcome(job=job, attempt=attempt, state="delivered")])
    assert await store.attempts(None, job.delivery_id) == [attempt]


async def test_a_success_ends_the_delivery_and_records_the_attempt(store: Store) -> None:
    job = await job_of(store)
    (settlement,) = await store.finish([succeeded(job, at=NOW + 7)])
    assert (settlement.moved, settlement.released) == (True, False)
    delivery = await delivery_of(store, job)
    assert (delivery.state, delivery.attempts, delivery.due_at) == ("delivered", 1, None)
    assert (delivery.created_at, delivery.finished_at) == (NOW, NOW + 12)
    assert await store.attempts(None, job.delivery_id) == [Attempt(at=NOW + 7, duration_ms=5, status=200)]


async def test_a_failure_waits_for_its_next_attempt(store: Store) -> None:
    job = await job_of(store)
    assert (await store.finish([failed(job, NOW + 5_000)]))[0].moved
    delivery = await delivery_of(store, job)
    assert (delivery.state, delivery.due_at, delivery.finished_at) == ("failed", NOW + 5_000, None)


async def test_the_first_failure_is_remembered_over_further_ones(store: Store) -> None:
    await store.finish([failed(await job_of(store), NOW + 5, at=NOW + 1)])
    ((second,), _) = await store.claim("ep_1", NOW + 5, LEASE, 1, 1)
    await store.finish([failed(second, NOW + 9, at=NOW + 6)])
    ((third,), _) = await store.claim("ep_1", NOW + 9, LEASE, 1, 1)
    assert (third.attempts, third.first_failed_at, third.claim) == (2, NOW + 1, 3)


async def test_our_own_fault_charges_no_attempt(store: Store) -> None:
    job = await job_of(store)
    await store.finish([Outcome(job=job, attempt=None, state="pending", due_at=NOW + 100)])
    delivery = await delivery_of(store, job)
    assert (delivery.state, delivery.attempts, delivery.due_at) == ("pending", 0, NOW + 100)
    ((again,), _) = await store.claim("ep_1", NOW + 100, LEASE, 1, 0)
    assert (again.attempts, again.first_failed_at) == (0, None)


async def test_a_late_outcome_is_logged_and_moves_nothing(store: Store) -> None:
    late = await job_of(store)
    ((newer,), _) = await store.claim("ep_1", NOW + LEASE, LEASE, 1, 1)
    assert not (await store.finish([succeeded(late)]))[0].moved
    assert (await delivery_of(store, late)).state == "pending"
    assert (await store.finish([failed(newer, NOW + 99_000)]))[0].moved
    attempts = await store.attempts(None, late.delivery_id)
    assert attempts is not None and [one.status for one in attempts] == [200, 500]


async def test_an_outcome_reported_twice_counts_once(store: Store) -> None:
    job = await job_of(store)
    outcome = succeeded(job)
    assert [one.moved for one in await store.finish([outcome])] == [True]
    assert [one.moved for one in await store.finish([outcome])] == [False]
    assert len(await store.attempts(None, job.delivery_id) or []) == 1


async def test_an_outcome_of_an_invented_claim_moves_nothing(store: Store) -> None:
    job = await job_of(store)
    assert not (await store.finish([succeeded(replace(job, claim=7))]))[0].moved
    assert (await store.finish([succeeded(job)]))[0].moved


@pytest.mark.parametrize("end", [succeeded, dead])
async def test_the_end_of_a_delivery_releases_the_next_of_its_conversation(store: Store, end: object) -> None:
    first = await job_of(store)
    await store.accept([message(f"m_{n}", routes=claimed("ep_1")) for n in (2, 3)])
    assert callable(end)
    (settlement,) = await store.finish([end(first)])
    assert (settlement.moved, settlement.released) == (True, True)
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 10, 10)
    assert [job.event_id for job in jobs] == [message("m_2").decoded.event.id]


async def test_a_failed_head_holds_its_conversation_until_it_yields(store: Store) -> None:
    head = await job_of(store)
    await store.accept([message("m_2", routes=claimed("ep_1"))])
    assert not (await store.finish([failed(head, NOW + 10)]))[0].released
    ((head,), _) = await store.claim("ep_1", NOW + 10, LEASE, 10, 10)
    assert (await store.finish([failed(head, NOW + 20, yields=True)]))[0].released
    ((second,), following) = await store.claim("ep_1", NOW + 11, LEASE, 10, 10)
    assert second.event_id == message("m_2").decoded.event.id and following == NOW + 20


async def test_who_has_yielded_holds_up_nobody_and_waits_for_nobody(store: Store) -> None:
    head = await job_of(store)
    await store.finish([failed(head, NOW + 10, yields=True)])
    second = await job_of(store, "m_2")
    ((again,), _) = await store.claim("ep_1", NOW + 10, LEASE, 10, 10)
    assert (again.delivery_id, again.conversation_id) == (head.delivery_id, second.conversation_id)
    assert [one.moved for one in await store.finish([succeeded(again), succeeded(second)])] == [True, True]


async def test_a_conversation_stays_in_order_through_failures(store: Store) -> None:
    await store.accept([message(f"m_{n}", routes=queued("ep_1")) for n in range(4)])
    delivered, now = [], NOW
    while jobs := (await store.claim("ep_1", now, LEASE, 10, 10))[0]:
        (job,) = jobs
        if job.attempts == 0:
            now += 1_000
            await store.finish([failed(job, now)])
        else:
            delivered.append(job.event_id)
            await store.finish([succeeded(job)])
    assert delivered == [message(f"m_{n}").decoded.event.id for n in range(4)]


async def test_many_outcomes_in_one_call_are_each_their_own(store: Store) -> None:
    people = [psid(str(2001 + n)) for n in range(100)]
    admissions = await store.accept(
        [message(f"m_{n}", person, routes=claimed("ep_1")) for n, person in enumerate(people)]
    )
    jobs = [admission.jobs[0] for admission in admissions]
    outcomes = [failed(job, NOW + 5) if n % 3 == 0 else succeeded(job) for n, job in enumerate(jobs)]
    assert all(one.moved for one in await store.finish(outcomes))
    retried, _ = await store.claim("ep_1", NOW + 5, LEASE, 100, 100)
    assert {job.delivery_id for job in retried} == {job.delivery_id for job in jobs[::3]}


async def test_a_long_answer_is_cut_at_a_whole_character(store: Store) -> None:
    job = await job_of(store)
    attempt = Attempt(at=NOW, duration_ms=1, status=200, response="x" + "é" * 20_000)
    await store.finish([Outcome(job=job, attempt=attempt, state="delivered")])
    (kept,) = await store.attempts(None, job.delivery_id) or []
    assert kept.response == "x" + "é" * 8_191


async def test_an_outage_that_ended_makes_its_failures_due(store: Store) -> None:
    people = [psid(str(2001 + n)) for n in range(3)]
    for n, person in enumerate(people):
        (admission,) = await store.accept([message(f"m_{n}", person, at=NOW + n, routes=claimed("ep_1"))])
        await store.finish([failed(admission.jobs[0], NOW + 90_000 - n, at=NOW + n)])
    await store.recover("ep_1", since=NOW + 1, now=NOW + 10)
    jobs, following = await store.claim("ep_1", NOW + 10, LEASE, 10, 10)
    assert [job.created_at for job in jobs] == [NOW + 1, NOW + 2] and following == NOW + 90_000
    assert {(job.attempts, job.claim) for job in jobs} == {(1, 2)}


async def test_an_endpoints_deadline_and_order_may_change_while_work_is_open(store: Store) -> None:
    first = await job_of(store)
    await store.put_endpoint(endpoint(timeout_ms=1_000, ordering="none"))
    assert (await store.finish([succeeded(first)]))[0].moved
