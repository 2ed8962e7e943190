"""So many deliveries per second."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.deliver.agenda import Share
from gateway.deliver.ceiling import Ceiling
from gateway.deliver.lane import Lane
from gateway.deliver.pace import Pace
from tests.deliver.test_lane import ENDPOINT, NOW, job


def limited(rate: int) -> Lane:
    return Lane(replace(ENDPOINT, rate_limit=rate), Ceiling(100))


def test_after_a_rest_one_seconds_worth_may_start_at_once() -> None:
    pace = Pace(10)
    assert pace.free(NOW) == 10
    pace.take(10, NOW)
    assert (pace.free(NOW), pace.free(NOW + 99), pace.free(NOW + 100)) == (0, 0, 1)
    assert pace.ready_at() == NOW + 100


def test_what_did_not_start_is_free_again() -> None:
    pace = Pace(2)
    pace.take(2, NOW)
    pace.give_back(1)
    assert pace.free(NOW) == 1


@given(st.integers(1, 500), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50)), max_size=60))
def test_in_no_span_of_time_more_start_than_its_seconds_and_one_second_allow(
    rate: int, steps: list[tuple[int, int]]
) -> None:
    pace, now, started = Pace(rate), NOW, []
    for wait, wanted in steps:
        now += wait
        taken = min(wanted, pace.free(now))
        pace.take(taken, now)
        started.append((now, taken))
    for index, (begin, _) in enumerate(started):
        for end, _ in started[index:]:
            count = sum(taken for at, taken in started if begin <= at <= end)
            assert count <= rate * (end - begin + 1_000) / 1_000 + 1e-6


@given(st.integers(1, 2_000))
def test_at_the_moment_that_it_names_one_may_start(rate: int) -> None:
    pace = Pace(rate)
    pace.take(pace.free(NOW), NOW)
    assert pace.free(pace.ready_at()) >= 1


def test_slots_are_not_taken_faster_than_the_limit() -> None:
    lane = limited(2)
    assert [lane.reserve(NOW) for _ in range(2)] == [True, True]
    assert not lane.reserve(NOW + 499)
    assert lane.grab(NOW + 500) == Share(1, 0)


def test_a_slot_that_no_job_came_for_costs_nothing() -> None:
    lane = limited(1)
    assert lane.reserve(NOW)
    lane.release()
    assert lane.reserve(NOW)


def test_a_claim_asks_for_what_the_limit_allows_and_the_next_waits() -> None:
    lane = limited(3)
    lane.agenda.expect_first(NOW)
    asked = lane.grab(NOW)
    assert asked == Share(3, 0)
    lane.ungrab(asked, Share(2, 0))
    lane.agenda.expect_first(NOW)
    assert lane.ready_at() == NOW
    assert lane.grab(NOW) == Share(1, 0)
    lane.ungrab(Share(1, 0), Share(1, 0))
    lane.agenda.expect_first(NOW)
    assert (lane.ready_at(), lane.grab(NOW)) == (NOW + 334, None)


def test_an_arrival_does_not_overtake_what_waits_for_the_limit() -> None:
    lane = limited(1)
    assert lane.reserve(NOW) and not lane.reserve(NOW)
    assert not lane.reserve(NOW + 5_000), "the one before it has not even been stored perhaps"


def test_waiting_for_the_limit_is_not_failing() -> None:
    lane = limited(1)
    lane.reserve(NOW)
    assert not lane.reserve(NOW + 10)
    assert lane.failing_since(job(1, first_failed_at=NOW), NOW) == NOW + 1_000


def test_a_changed_limit_holds_at_once_and_an_unchanged_one_goes_on() -> None:
    lane = limited(1)
    assert lane.reserve(NOW)
    lane.adopt(replace(lane.endpoint, description="new"), NOW)
    assert not lane.reserve(NOW)
    lane.adopt(replace(lane.endpoint, rate_limit=None), NOW)
    assert lane.reserve(NOW)


@given(st.integers(1, 50), st.integers(1, 60))
def test_those_that_share_a_limit_keep_it_together(rate: int, sharers: int) -> None:
    started = 0
    for _ in range(sharers):
        pace, now = Pace(rate, sharers), NOW
        while now < NOW + 10_000:
            started += (free := pace.free(now))
            pace.take(free, now)
            now = max(now + 1, pace.ready_at())
    assert started <= rate * 11 + sharers


def test_a_lane_has_its_share_of_the_slots_and_at_least_one() -> None:
    lane = Lane(replace(ENDPOINT, concurrency=4), Ceiling(100))
    lane.divide(2)
    assert [lane.reserve(NOW) for _ in range(3)] == [True, True, False]
    lane.divide(9)
    assert not lane.reserve(NOW)
    lane.divide(1)
    assert [lane.reserve(NOW) for _ in range(3)] == [True, True, False]
