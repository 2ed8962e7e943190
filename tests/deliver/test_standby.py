"""Arrivals beyond the slots: they wait in memory for a while, and lose nothing if they may not go."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.deliver.ceiling import Ceiling
from gateway.deliver.circuit import THRESHOLD
from gateway.deliver.lane import Lane
from gateway.deliver.standby import PLACES_PER_SLOT, WAIT_MS
from gateway.store.records import Endpoint
from tests.deliver.stage import ManualClock, endpoint, stage
from tests.deliver.test_lane import ENDPOINT, NOW, job

CROWD = ("ann:1", "bob:2", "cid:3")


def full_lane(**changes: object) -> Lane:
    """A lane whose only slot is taken."""
    full = Lane(replace(ENDPOINT, concurrency=1, **changes), Ceiling(100))
    full.reserve(NOW)
    return full


def one_slot(**changes: object) -> Endpoint:
    return endpoint(concurrency=1, **changes)


def test_places_are_given_once_the_slots_are_taken_and_they_end() -> None:
    empty = Lane(ENDPOINT, Ceiling(100))
    assert not empty.promise(NOW)
    full = full_lane()
    assert [full.promise(NOW) for _ in range(PLACES_PER_SLOT + 1)] == [True] * PLACES_PER_SLOT + [False]
    full.release()
    assert full.promise(NOW)


def test_nobody_stands_by_where_something_holds_the_endpoint_up() -> None:
    held, cut, paced = full_lane(), full_lane(), full_lane(rate_limit=5)
    held.hold(NOW + 1)
    for number in range(THRESHOLD):
        cut.fail(replace(job(), delivery_id=f"dlv_{number}"), NOW, blameless=False)
    assert not held.promise(NOW) and not cut.promise(NOW) and not paced.promise(NOW)


def test_a_job_takes_a_reserved_slot_before_a_promised_place() -> None:
    full = full_lane()
    full.promise(NOW)
    assert full.seat() and not full.seat()
    full.standby.add(job())
    assert full.call_up(NOW) is None
    full.land(job())
    assert full.call_up(NOW) == job() and full.call_up(NOW) is None and not full.idle


def test_who_has_waited_too_long_leaves() -> None:
    full = full_lane()
    for created_at in (NOW, NOW + 1):
        full.promise(NOW)
        full.standby.add(replace(job(), created_at=created_at))
    assert [one.created_at for one in full.standby.overdue(NOW + WAIT_MS)] == [NOW]
    assert len(full.standby) == 1 and not full.promise(NOW)
    full.land(job())
    full.reserve(NOW)
    assert full.promise(NOW)


@pytest.mark.anyio
async def test_arrivals_beyond_the_slots_go_in_their_order_and_are_not_read_back(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=one_slot()) as on:
        await on.arrive("zoe:0")
        assert all(admission.jobs for admission in await on.arrive(*CROWD))
        for text in ("0", "1", "2", "3"):
            sent = await on.wire.next()
            assert sent.text == text
            sent.answer(200)
        await on.states(delivered=4)
        assert on.wire.peak == 1


@pytest.mark.anyio
async def test_what_stands_by_at_an_endpoint_that_is_paused_waits_in_the_store(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=one_slot()) as on:
        await on.arrive(*CROWD)
        await on.configure(one_slot(status="paused"))
        (await on.wire.next()).answer(200)
        await on.states(delivered=1, pending=2)
        assert on.wire.quiet()
        await on.configure(one_slot())
        for _ in CROWD[1:]:
            (await on.wire.next()).answer(200)
        await on.states(delivered=3)


@pytest.mark.anyio
async def test_what_has_stood_by_too_long_is_claimed_anew_and_charged_no_attempt(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock, receiver=one_slot()) as on:
        await on.arrive("ann:1", "bob:2")
        first = await on.wire.next()
        clock.now += WAIT_MS
        first.answer(200)
        (await on.wire.next()).answer(200)
        found = await on.until(lambda found: all(one.state == "delivered" for one in found))
        assert [len(await on.store.attempts(None, one.id) or ()) for one in found] == [1, 1]


@pytest.mark.anyio
async def test_what_stands_by_at_a_stop_goes_after_the_next_start(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=one_slot()) as on:
        await on.arrive("ann:1", "bob:2")
        first = await on.wire.next()
        stopping = asyncio.create_task(on.dispatcher.stop())
        await on.deliveries()
        first.answer(200)
        await stopping
        await on.states(delivered=1, pending=1)
        assert on.wire.total == 1
    async with stage(tmp_path, receiver=one_slot()) as on:
        (await on.wire.next()).answer(200)
        await on.states(delivered=2)
