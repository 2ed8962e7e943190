"""What an exchange means: a table of answers and what becomes of the delivery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.deliver.exchange import Error, Exchange
from gateway.deliver.policy import (
    FAULT_PAUSE_MS,
    KEPT_RESPONSE_BYTES,
    LONGEST_HOLD_MS,
    YIELD_AFTER_MS,
    Circumstances,
    Unsent,
    Verdict,
    decide,
    look,
)
from gateway.deliver.retry_after import retry_after_ms
from gateway.store.records import Attempt, Job

NOW = 1_800_000_000_000
SCHEDULE = (5, 30, 120)


def job(attempts: int = 0, delivery_id: str = "dlv_1") -> Job:
    return Job(
        delivery_id=delivery_id,
        endpoint_id="ep_1",
        event_id="evt_1",
        webhook_id="evt_1",
        body=b"{}",
        claim=1,
        attempts=attempts,
        created_at=NOW,
        conversation_id="conv_1",
    )


def answer(status: int | None, error: Error | None = None, body: bytes = b"", **headers: str) -> Exchange:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(status=status, headers=named, body=body, duration_ms=12, error=error, detail=error)


def verdict(exchange: Exchange | Unsent, attempts: int = 0) -> Verdict:
    return decide(job(attempts), exchange, Circumstances(started_at=NOW - 12, now=NOW, schedule=SCHEDULE))


def effect(exchange: Exchange) -> Verdict:
    """What follows from an exchange, whatever is written down of it."""
    made = verdict(exchange)
    return replace(made, outcome=replace(made.outcome, attempt=None))


def attempt(exchange: Exchange) -> Attempt:
    charged = verdict(exchange).outcome.attempt
    assert charged is not None
    return charged


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(status: int) -> None:
    outcome = verdict(answer(status)).outcome
    assert (outcome.state, outcome.due_at) == ("delivered", None)


@pytest.mark.parametrize("status", [199, 300, 301, 302, 307, 400, 401, 404, 409, 410, 429, 500, 503])
def test_everything_else_has_failed_and_is_due_again(status: int) -> None:
    outcome = verdict(answer(status)).outcome
    assert outcome.state == "failed"
    assert outcome.due_at is not None and NOW + 4_000 <= outcome.due_at <= NOW + 6_000


@pytest.mark.parametrize(
    ("exchange", "error"),
    [
        (answer(200), None),
        (answer(500), "status"),
        (answer(302), "redirect"),
        (answer(None, "dns"), "dns"),
        (answer(200, "timeout"), "timeout"),
        (answer(None, "blocked_address"), "blocked_address"),
    ],
)
def test_an_attempt_names_its_error_class(exchange: Exchange, error: str | None) -> None:
    assert attempt(exchange).error == error


def test_an_attempt_says_what_happened_in_a_sentence() -> None:
    assert attempt(answer(500)).detail == "The receiver answered 500. Only 2xx counts as delivered."
    assert "301" in (attempt(answer(301)).detail or "") and "final URL" in (attempt(answer(301)).detail or "")
    assert attempt(answer(None, "tls")).detail == "tls"


def test_an_attempt_keeps_the_beginning_of_the_answer() -> None:
    kept = attempt(answer(500, body=b"\xff" + b"x" * 5_000))
    assert (kept.at, kept.duration_ms, kept.status) == (NOW - 12, 12, 500)
    assert kept.response == "\ufffd" + "x" * (KEPT_RESPONSE_BYTES - 1)


def test_n_delays_make_n_plus_one_attempts() -> None:
    states = [verdict(answer(500), attempts).outcome.state for attempts in range(4)]
    assert states == ["failed", "failed", "failed", "dead"]


@given(st.text(min_size=1), st.integers(0, 2))
def test_each_delay_is_varied_by_at_most_a_fifth(delivery_id: str, attempts: int) -> None:
    circumstances = Circumstances(started_at=NOW, now=NOW, schedule=SCHEDULE)
    due_at = decide(job(attempts, delivery_id), answer(500), circumstances).outcome.due_at
    planned = SCHEDULE[attempts] * 1_000
    assert due_at is not None and 0.8 * planned <= due_at - NOW <= 1.2 * planned


def test_the_retries_of_many_deliveries_do_not_come_in_a_herd() -> None:
    circumstances = Circumstances(started_at=NOW, now=NOW, schedule=SCHEDULE)
    due = [decide(job(0, f"dlv_{n}"), answer(500), circumstances).outcome.due_at or 0 for n in range(1_000)]
    fifths = [sum(1 for at in due if low <= at - NOW - 4_000 < low + 400) for low in range(0, 2_000, 400)]
    assert min(fifths) > 150


def test_our_own_fault_charges_nothing() -> None:
    for attempts, state in ((0, "pending"), (2, "failed"), (9, "failed")):
        for fault, hold_ms in ((answer(None, "internal"), FAULT_PAUSE_MS), (Unsent.UNPREPARED, 0)):
            found = verdict(fault, attempts)
            assert (found.outcome.attempt, found.outcome.state) == (None, state)
            assert (found.outcome.due_at, found.hold_ms) == (NOW + FAULT_PAUSE_MS, hold_ms)


def test_what_a_format_leaves_out_is_done_without_an_attempt() -> None:
    outcome = verdict(Unsent.LEFT_OUT).outcome
    assert (outcome.attempt, outcome.state) == (None, "delivered")


def test_gone_disables_the_endpoint_and_keeps_the_delivery() -> None:
    gone = verdict(answer(410))
    assert gone.disable == "410" and gone.outcome.state == "failed"


@pytest.mark.parametrize("word", ["abort", "abort-message", " Abort-Message "])
def test_a_receiver_can_abort_a_delivery(word: str) -> None:
    assert verdict(answer(500, webhook_delivery=word)).outcome.state == "dead"
    assert verdict(answer(200, webhook_delivery=word)).outcome.state == "delivered"


def test_a_receiver_can_disable_its_endpoint_with_either_answer() -> None:
    taken, refused = (verdict(answer(status, webhook_delivery="disable")) for status in (200, 500))
    assert (taken.outcome.state, refused.outcome.state) == ("delivered", "failed")
    assert taken.disable == refused.disable == "webhook-delivery: disable"


def test_an_unknown_control_word_means_nothing() -> None:
    assert effect(answer(500, webhook_delivery="faster")) == effect(answer(500))


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_postpones_the_delivery_and_holds_the_endpoint(status: int) -> None:
    asked = verdict(answer(status, retry_after="60"))
    assert asked.outcome.due_at == NOW + 60_000
    assert asked.hold_ms == 60_000


def test_retry_after_never_brings_a_retry_forward() -> None:
    asked = verdict(answer(429, retry_after="1"))
    assert asked.outcome.due_at == verdict(answer(429)).outcome.due_at
    assert asked.hold_ms == 1_000


def test_retry_after_is_obeyed_for_an_hour_at_most_or_twice_the_planned_delay() -> None:
    assert verdict(answer(503, retry_after="999999")).outcome.due_at == NOW + LONGEST_HOLD_MS
    long = Circumstances(started_at=NOW, now=NOW, schedule=(36_000,))
    planned = (decide(job(), answer(503), long).outcome.due_at or 0) - NOW
    asked = decide(job(), answer(503, retry_after="999999"), long)
    assert (asked.outcome.due_at, asked.hold_ms) == (NOW + 2 * planned, LONGEST_HOLD_MS)


def test_retry_after_means_nothing_beside_other_answers() -> None:
    assert effect(answer(500, retry_after="60")) == effect(answer(500))


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("120", 120_000),
        (" 7 ", 7_000),
        ("0", 0),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60_000),
        ("Fri, 15 Jan 2027 08:01:00 -0000", 60_000),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("٣", 0),
        ("9" * 400, 999_999_999_000),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, milliseconds: int) -> None:
    assert retry_after_ms(value, NOW) == milliseconds


@given(st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]\d+")))
def test_retry_after_survives_anything(value: str) -> None:
    assert retry_after_ms(value, NOW) >= 0


@pytest.mark.parametrize(
    ("failing_since", "succeeded_at", "yields"),
    [
        (NOW - YIELD_AFTER_MS, NOW - 1, True),
        (NOW - YIELD_AFTER_MS + 1, NOW - 1, False),
        (NOW - 20 * YIELD_AFTER_MS, NOW - 37_000, False),
        (None, NOW - 1, False),
    ],
)
def test_a_head_yields_after_a_minute_if_the_endpoint_succeeded_since_its_last_attempt(
    failing_since: int | None, succeeded_at: int, yields: bool
) -> None:
    circumstances = Circumstances(
        started_at=NOW, now=NOW, schedule=SCHEDULE, failing_since=failing_since, succeeded_at=succeeded_at
    )
    assert decide(job(2), answer(500), circumstances).outcome.yields == yields
    assert look(job(2), NOW, circumstances).outcome.yields == yields
    assert not decide(job(3), answer(500), circumstances).outcome.yields, "the dead hold up nobody"


def test_a_look_charges_nothing_and_leaves_the_next_attempt_where_it_was() -> None:
    outcome = look(job(1), NOW + 9, Circumstances(started_at=NOW, now=NOW, schedule=SCHEDULE)).outcome
    assert (outcome.attempt, outcome.state, outcome.due_at) == (None, "failed", NOW + 9)


def test_what_cannot_be_sent_for_want_of_its_raw_element_is_dead_and_says_why() -> None:
    outcome = verdict(Unsent.RAW_EXPIRED).outcome
    assert outcome.state == "dead"
    assert outcome.attempt is not None and outcome.attempt.error == "raw_expired"
