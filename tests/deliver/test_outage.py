"""When an outage is warned of, and what threatens an endpoint."""

import pytest

from gateway.deliver.outage import GIVEN_UP_MS, WARNED_MS, disabled_at, recovered, warned, warning_due
from tests.deliver.stage import endpoint

BEGAN = 1_000_000
HALF, LATER = (BEGAN + delay for delay in WARNED_MS)


@pytest.mark.parametrize(
    ("now", "warned_at", "due"),
    [
        (HALF - 1, None, False),
        (HALF, None, True),
        (HALF + 1, HALF, False),
        (LATER - 1, HALF, False),
        (LATER, HALF, True),
        (LATER + 1, LATER, False),
        (LATER, None, True),
        (HALF, BEGAN - 1, True),  # the warning was of an earlier outage
    ],
)
def test_each_moment_is_warned_of_once_and_the_latest_stands_for_those_before(
    now: int, warned_at: int | None, due: bool
) -> None:
    failing = endpoint(failing_since=BEGAN, warned_at=warned_at)
    assert warning_due(failing, now) is due
    told = warned(failing, now=now)
    assert (told is not None) is due
    assert told is None or not warning_due(told, now)


def test_who_does_not_fail_or_is_disabled_already_is_not_warned() -> None:
    assert not warning_due(endpoint(), LATER)
    assert not warning_due(endpoint(failing_since=BEGAN, status="disabled"), LATER)


def test_the_next_outage_is_warned_of_anew() -> None:
    over = recovered(endpoint(failing_since=BEGAN, warned_at=LATER))
    assert over is not None and over.failing_since is None
    again = endpoint(failing_since=LATER + 1, warned_at=over.warned_at)
    assert warning_due(again, LATER + 1 + WARNED_MS[0])


def test_only_what_fails_and_is_active_will_be_disabled() -> None:
    assert disabled_at(endpoint(failing_since=BEGAN)) == BEGAN + GIVEN_UP_MS
    assert disabled_at(endpoint()) is None
    assert disabled_at(endpoint(failing_since=BEGAN, status="paused")) is None
