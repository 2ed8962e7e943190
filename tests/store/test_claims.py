"""Claiming: what is due, for how long it is leased, and when the next will be due."""

import pytest

from gateway.store.base import Store
from gateway.store.records import Backlog
from tests.store.conftest import OpenStore
from tests.store.samples import (
    LEASE,
    NOW,
    arrival,
    body_of,
    claimed,
    endpoint,
    event,
    failed,
    message,
    psid,
    queued,
    succeeded,
)

pytestmark = pytest.mark.anyio


async def test_a_free_slot_takes_the_job_at_once_and_whole(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    (job,) = admission.jobs
    stored = await store.event(None, admission.event_id)
    assert stored is not None and job.body == stored.body
    assert (job.claim, job.attempts, job.replay, job.webhook_id) == (1, 0, False, admission.event_id)
    assert job.conversation_id == body_of(job)["conversation_id"]
    assert await store.claim("ep_1", NOW, LEASE, 10, 10) == ([], None)


async def test_without_a_free_slot_the_endpoint_is_told_to_claim(store: Store) -> None:
    (admission,) = await store.accept([message(routes=queued("ep_1"))])
    jobs, following = await store.claim("ep_1", NOW, LEASE, 10, 10)
    assert (admission.jobs, admission.waiting) == ((), ("ep_1",))
    assert [job.event_id for job in jobs] == [admission.event_id] and following is None


async def test_a_claimed_job_is_the_one_that_accept_would_have_given(open_store: OpenStore) -> None:
    store = await open_store()
    for name in ("ep_1", "ep_2"):
        await store.put_endpoint(endpoint(name))
    (admission,) = await store.accept([message(routes=(*claimed("ep_1"), *queued("ep_2")))])
    (job,), (other,) = admission.jobs, (await store.claim("ep_2", NOW, LEASE, 1, 1))[0]
    assert (job.body, job.claim, job.created_at) == (other.body, other.claim, other.created_at)


async def test_the_second_of_a_conversation_waits_behind_the_first(store: Store) -> None:
    first, second = await store.accept([message(f"m_{n}", routes=claimed("ep_1")) for n in (1, 2)])
    assert len(first.jobs) == 1 and (second.jobs, second.waiting) == ((), ())
    assert await store.claim("ep_1", NOW, LEASE, 10, 10) == ([], None)


async def test_other_conversations_other_endpoints_and_unordered_ones_do_not_wait(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2"))
    await store.put_endpoint(endpoint("ep_3", ordering="none"))
    await store.accept([message("m_1", routes=claimed("ep_1", "ep_3", ordered=True))])
    admissions = await store.accept(
        [
            message("m_2", psid("2002"), routes=claimed("ep_1")),
            message("m_3", routes=claimed("ep_2")),
            message("m_4", routes=claimed("ep_3", ordered=False)),
        ]
    )
    assert [len(admission.jobs) for admission in admissions] == [1, 1, 1]


async def test_events_without_a_conversation_are_unordered(store: Store) -> None:
    comments = [arrival(event("comment.received", f"c_{n}"), routes=claimed("ep_1")) for n in (1, 2)]
    assert [len(admission.jobs) for admission in await store.accept(comments)] == [1, 1]


async def test_the_oldest_comes_first_and_the_limit_holds(store: Store) -> None:
    people = [psid(str(2001 + n)) for n in range(5)]
    for n, person in enumerate(people):
        await store.accept([message(f"m_{n}", person, at=NOW + n, routes=queued("ep_1"))])
    jobs, following = await store.claim("ep_1", NOW + 9, LEASE, 3, 0)
    assert [job.created_at for job in jobs] == [NOW, NOW + 1, NOW + 2]
    assert following == NOW + 3


async def test_untried_and_tried_deliveries_have_limits_of_their_own(store: Store) -> None:
    taken = await store.accept(
        [message(f"m_{n}", psid(str(n)), routes=claimed("ep_1")) for n in range(2001, 2003)]
    )
    await store.finish([failed(admission.jobs[0], NOW + 5) for admission in taken])
    await store.accept([message(f"n_{n}", psid(str(n)), routes=queued("ep_1")) for n in range(2003, 2005)])
    jobs, following = await store.claim("ep_1", NOW + 5, LEASE, 1, 1)
    assert sorted(job.attempts for job in jobs) == [0, 1]
    assert following == NOW


async def test_a_retry_is_claimed_when_it_is_due(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await store.finish([failed(admission.jobs[0], NOW + 5_000, at=NOW + 7)])
    assert await store.claim("ep_1", NOW + 4_999, LEASE, 10, 10) == ([], NOW + 5_000)
    ((job,), following) = await store.claim("ep_1", NOW + 5_000, LEASE, 10, 10)
    assert (job.claim, job.attempts, job.first_failed_at, following) == (2, 1, NOW + 7, None)


async def test_a_lease_that_runs_out_makes_the_job_due_by_itself(store: Store) -> None:
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    assert await store.claim("ep_1", NOW + LEASE - 1, LEASE, 10, 10) == ([], None)
    ((job,), _) = await store.claim("ep_1", NOW + LEASE, LEASE, 10, 10)
    assert (job.delivery_id, job.claim) == (admission.jobs[0].delivery_id, 2)


async def test_the_lease_at_accept_follows_the_endpoints_deadline(store: Store) -> None:
    await store.put_endpoint(endpoint("ep_2", timeout_ms=1_000))
    await store.accept([message(routes=claimed("ep_2"))])
    assert await store.claim("ep_2", NOW + 5_999, LEASE, 1, 1) == ([], None)
    assert len((await store.claim("ep_2", NOW + 6_000, LEASE, 1, 1))[0]) == 1


async def test_a_restart_leaves_what_is_open_to_be_claimed_when_its_lease_is_over(
    open_store: OpenStore,
) -> None:
    store = await open_store()
    await store.put_endpoint(endpoint())
    (admission,) = await store.accept([message(routes=claimed("ep_1"))])
    await store.close()
    store = await open_store()
    assert [one.endpoint_id for one in await store.backlog()] == ["ep_1"]
    ((job,), _) = await store.claim("ep_1", NOW + LEASE, LEASE, 10, 10)
    assert (job.delivery_id, job.claim) == (admission.jobs[0].delivery_id, 2)


async def test_the_backlog_names_endpoints_with_something_to_claim(store: Store) -> None:
    for name in ("ep_2", "ep_3"):
        await store.put_endpoint(endpoint(name))
    (first, second) = await store.accept(
        [message("m_1", routes=claimed("ep_1")), message("m_2", psid("2002"), routes=claimed("ep_2"))]
    )
    await store.finish([failed(first.jobs[0], NOW + 30_000), succeeded(second.jobs[0])])
    assert await store.backlog() == [Backlog(endpoint_id="ep_1", due_at=NOW + 30_000)]


async def test_what_is_leased_is_in_the_backlog_until_its_lease_ends(store: Store) -> None:
    await store.accept([message(routes=claimed("ep_1"))])
    assert await store.backlog() == [Backlog(endpoint_id="ep_1", due_at=NOW + LEASE)]
    assert await store.claim("ep_1", NOW, LEASE, 10, 10) == ([], None)


async def test_a_delivery_keeps_the_format_that_its_endpoint_had(store: Store) -> None:
    await store.put_endpoint(endpoint(format="cloudevents", include_raw=True))
    (first, _) = await store.accept([message(f"m_{n}", routes=claimed("ep_1")) for n in (1, 2)])
    await store.put_endpoint(endpoint())
    await store.finish([failed(first.jobs[0], NOW + 1)])
    ((again,), _) = await store.claim("ep_1", NOW + 1, LEASE, 10, 10)
    await store.finish([succeeded(again)])
    ((behind,), _) = await store.claim("ep_1", NOW + 1, LEASE, 10, 10)
    found = [(job.format, job.include_raw) for job in (first.jobs[0], again, behind)]
    assert found == [("cloudevents", True)] * 3


async def test_a_route_to_a_deleted_endpoint_is_left_out(store: Store) -> None:
    (admission,) = await store.accept([message(routes=(*claimed("ep_gone"), *claimed("ep_1")))])
    assert [job.endpoint_id for job in admission.jobs] == ["ep_1"]
    assert await store.claim("ep_gone", NOW, LEASE, 10, 10) == ([], None)
