"""An endpoint's slots, and what holds it up."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.deliver.agenda import Share
from gateway.deliver.ceiling import Ceiling
from gateway.deliver.circuit import FIRST_PAUSE_MS, THRESHOLD
from gateway.deliver.lane import Lane
from gateway.store.records import Endpoint, Job, Outcome, Settlement

NOW = 1_000_000
ENDPOINT = Endpoint(id="ep_1", customer_id="cus_1", url="https://a.example/", secrets=(), created_at=0)


def lane(*, concurrency: int = 4, limit: int = 100) -> Lane:
    return Lane(replace(ENDPOINT, concurrency=concurrency), Ceiling(limit))


def job(attempts: int = 0, first_failed_at: int | None = None) -> Job:
    return Job(
        delivery_id=f"dlv_{attempts}",
        endpoint_id="ep_1",
        event_id="evt_1",
        webhook_id="evt_1",
        body=b"{}",
        claim=1,
        attempts=attempts,
        created_at=NOW,
        conversation_id="conv_1",
        first_failed_at=first_failed_at,
    )


def open_circuit(of: Lane) -> None:
    for number in range(THRESHOLD):
        of.fail(replace(job(), delivery_id=f"dlv_{number}"), NOW, blameless=False)


def test_slots_end_with_the_endpoints_concurrency() -> None:
    full = lane(concurrency=2)
    assert [full.reserve(NOW) for _ in range(3)] == [True, True, False]
    full.release()
    assert full.reserve(NOW)


def test_slots_end_with_the_ceiling_over_all_endpoints() -> None:
    ceiling = Ceiling(1)
    one, other = Lane(ENDPOINT, ceiling), Lane(ENDPOINT, ceiling)
    assert one.reserve(NOW) and not other.reserve(NOW)
    one.land(job())
    assert other.reserve(NOW)


def test_an_endpoint_that_had_its_share_goes_on_when_an_exchange_of_its_own_lands() -> None:
    some = lane(concurrency=4, limit=2)
    assert some.reserve(NOW) and not some.reserve(NOW)
    some.agenda.expect_first(NOW)
    assert some.grab(NOW) is None
    some.land(job())
    assert some.ready_at() == NOW and some.grab(NOW) == Share(1, 0)


def test_retries_take_half_of_the_slots_at_most_and_one_at_least() -> None:
    for concurrency, retries in ((1, 1), (2, 1), (5, 2), (20, 10)):
        some = lane(concurrency=concurrency)
        some.agenda.expect_retry(NOW)
        assert some.grab(NOW) == Share(0, retries)


def test_a_full_retry_lane_leaves_the_rest_to_first_attempts() -> None:
    some = lane(concurrency=4)
    some.agenda.expect_retry(NOW)
    some.ungrab(Share(0, 2), some.grab(NOW) or Share(0, 0))
    some.agenda.expect(NOW)
    assert some.grab(NOW) == Share(2, 0)


def test_a_claim_takes_its_slots_before_it_is_answered() -> None:
    some = lane(concurrency=4)
    some.agenda.expect_first(NOW)
    asked = some.grab(NOW)
    assert asked == Share(4, 0) and not some.reserve(NOW) and some.grab(NOW) is None
    some.ungrab(asked, Share(1, 0))
    assert [some.reserve(NOW) for _ in range(4)] == [True, True, True, False]


def test_an_arrival_that_found_no_slot_makes_the_next_claim_leave_half() -> None:
    some = lane(concurrency=4)
    some.agenda.expect_first(NOW)
    asked = some.grab(NOW) or Share(0, 0)
    assert not some.reserve(NOW)
    some.ungrab(asked, Share(0, 0))
    some.agenda.expect_first(NOW)
    assert some.grab(NOW) == Share(2, 0)


def test_nothing_starts_while_the_endpoint_is_paused() -> None:
    paused = lane()
    paused.adopt(replace(ENDPOINT, status="paused"), NOW)
    paused.agenda.expect(NOW)
    assert not paused.reserve(NOW) and paused.grab(NOW) is None and paused.ready_at() is None


def test_nothing_starts_while_the_receiver_wants_to_be_left_alone() -> None:
    held = lane()
    held.agenda.expect(NOW)
    held.hold(NOW + 500)
    assert not held.reserve(NOW) and held.grab(NOW) is None and held.ready_at() == NOW + 500
    assert held.reserve(NOW + 500)


def test_an_open_circuit_gives_one_slot_for_one_probe() -> None:
    cut = lane(concurrency=20)
    open_circuit(cut)
    cut.agenda.expect(NOW)
    probe_at = NOW + FIRST_PAUSE_MS
    assert not cut.reserve(NOW) and cut.ready_at() == probe_at
    asked = cut.grab(probe_at)
    assert asked is not None and asked.first + asked.retries == 1
    assert not cut.reserve(probe_at) and cut.ready_at() is None


def test_a_probe_that_no_job_came_for_leaves_the_way_free() -> None:
    cut = lane()
    open_circuit(cut)
    later = NOW + FIRST_PAUSE_MS
    assert cut.reserve(later) and not cut.reserve(later)
    cut.release()
    assert cut.reserve(later)


def test_replays_and_holds_open_no_circuit() -> None:
    some = lane()
    for number in range(3 * THRESHOLD):
        assert not some.fail(replace(job(), delivery_id=f"dlv_{number}"), NOW, blameless=True)
    assert some.reserve(NOW)


def test_the_first_success_after_an_outage_says_since_when_it_lasted() -> None:
    some, probe = lane(), job()
    some.succeed(probe, NOW - 7)
    open_circuit(some)
    assert some.succeed(probe, NOW + 1)
    assert some.recovered_since is None, "failures may still be on their way into the store"
    recorded = Outcome(job=probe, attempt=None, state="delivered")
    some.settle(recorded, Settlement(moved=True), NOW + 2)
    assert some.recovered_since == NOW - 7
    assert some.ready_at() == NOW + 2


def test_a_delivery_has_failed_since_its_first_failure() -> None:
    assert lane().failing_since(job(1, first_failed_at=NOW), NOW + 9) == NOW
    assert lane().failing_since(job(), NOW + 9) == NOW + 9


def test_who_holds_up_nobody_need_not_yield() -> None:
    assert lane().failing_since(replace(job(), conversation_id=None), NOW) is None
    unordered = Lane(replace(ENDPOINT, ordering="none"), Ceiling(9))
    assert unordered.failing_since(job(), NOW) is None


def test_nobody_yields_while_the_endpoint_is_cut_off() -> None:
    cut = lane()
    open_circuit(cut)
    assert cut.failing_since(job(1, first_failed_at=NOW), NOW) is None


def test_pauses_holds_and_outages_do_not_count_as_failing() -> None:
    paused, held, cut = lane(), lane(), lane()
    paused.adopt(replace(ENDPOINT, status="paused"), NOW)
    paused.adopt(ENDPOINT, NOW + 50)
    held.hold(NOW + 50)
    open_circuit(cut)
    cut.succeed(job(), NOW + 50)
    for one in (paused, held, cut):
        assert one.failing_since(job(1, first_failed_at=NOW), NOW + 60) == NOW + 50


def test_an_endpoint_that_is_enabled_again_gets_everything_that_waited() -> None:
    some = lane()
    some.hold(NOW + 3_600_000)
    some.adopt(replace(ENDPOINT, status="disabled"), NOW)
    some.adopt(ENDPOINT, NOW + 5)
    assert (some.recovered_since, some.ready_at()) == (0, NOW + 5)


@given(st.integers(1, 8), st.lists(st.sampled_from(["reserve", "release", "claim", "land"]), max_size=60))
def test_no_order_of_things_exceeds_or_loses_a_slot(concurrency: int, steps: list[str]) -> None:
    ceiling = Ceiling(100)
    some = Lane(replace(ENDPOINT, concurrency=concurrency), ceiling)
    jobs: list[Job] = []
    for step in steps:
        if step == "reserve" and some.reserve(NOW):
            jobs.append(job())
        elif step == "release" and jobs and not jobs[-1].attempts:
            jobs.pop()
            some.release()
        elif step == "claim":
            some.agenda.expect(NOW)
            asked = some.grab(NOW) or Share(0, 0)
            some.ungrab(asked, asked)
            jobs += [job()] * asked.first + [job(1)] * asked.retries
        elif step == "land" and jobs:
            some.land(jobs.pop())
        assert len(jobs) == 100 - ceiling.free <= concurrency
        assert sum(one.attempts for one in jobs) <= max(1, concurrency // 2)
