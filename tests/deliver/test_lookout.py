"""Heads whose minute ends between two attempts."""

from msgspec.structs import replace

from gateway.deliver.lookout import Lookout
from gateway.deliver.policy import YIELD_AFTER_MS
from gateway.store.records import Attempt, Job, Outcome

NOW = 1_000_000
PLANNED = NOW + 10 * YIELD_AFTER_MS
JOB = Job(
    delivery_id="dlv_1",
    endpoint_id="ep_1",
    event_id="evt_1",
    webhook_id="evt_1",
    body=b"{}",
    claim=1,
    attempts=2,
    created_at=NOW,
)
AGAIN = replace(JOB, attempts=3)
FAILED = Outcome(job=JOB, attempt=Attempt(at=NOW, duration_ms=1, error="dns"), state="failed", due_at=PLANNED)


def test_a_head_is_looked_at_when_its_minute_ends_and_sent_when_planned() -> None:
    lookout = Lookout()
    recorded = lookout.watch(FAILED, NOW, NOW)
    assert recorded.due_at == NOW + YIELD_AFTER_MS
    assert lookout.planned_at(AGAIN, NOW + YIELD_AFTER_MS) == PLANNED
    assert lookout.planned_at(AGAIN, PLANNED) is None


def test_a_look_that_comes_too_late_is_an_attempt() -> None:
    lookout = Lookout()
    lookout.watch(FAILED, NOW, NOW)
    assert lookout.planned_at(AGAIN, PLANNED) is None


def test_no_look_is_needed_where_an_attempt_comes_first_or_the_minute_is_over() -> None:
    lookout, soon = Lookout(), replace(FAILED, due_at=NOW + 5_000)
    assert lookout.watch(soon, NOW, NOW) is soon
    assert lookout.watch(FAILED, NOW - YIELD_AFTER_MS, NOW) is FAILED
    assert lookout.watch(FAILED, None, NOW) is FAILED
    assert lookout.planned_at(AGAIN, NOW) is None


def test_after_an_outage_and_after_a_redelivery_everything_is_sent() -> None:
    lookout = Lookout()
    lookout.watch(FAILED, NOW, NOW)
    assert lookout.planned_at(replace(JOB, attempts=0), NOW + 1) is None
    lookout.forget()
    assert lookout.planned_at(AGAIN, NOW + 1) is None


def test_a_look_can_be_followed_by_another() -> None:
    """The endpoint was cut off in between, so the head's minute has begun anew."""
    lookout, looked = Lookout(), replace(FAILED, job=AGAIN, attempt=None)
    lookout.watch(looked, NOW + 1, NOW + 1)
    assert lookout.planned_at(AGAIN, NOW + 2) == PLANNED
