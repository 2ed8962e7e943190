"""What an exchange means for its delivery: pure, from the receiver's answer to what the store is told.

    2xx                                 delivered
    anything else                       failed, due again by the schedule; dead when the schedule is spent
    `webhook-delivery: abort`           dead at once (`abort-message` means the same)
    `webhook-delivery: disable`, 410    the endpoint is disabled; the delivery waits for its return
    429 or 503 with `Retry-After`       the endpoint is left alone so long, the delivery is postponed
    the raw element is kept no more     dead, if there is nothing else to send
    our own fault                       no attempt is charged, due again soon; a pause for the endpoint

The schedule holds the seconds after each failed attempt: n delays make n + 1 attempts. Each is varied by
up to a fifth, by a hash of delivery and attempt: as well spread as chance, and the same on every machine.
"""

import zlib
from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from gateway.deliver.exchange import Exchange
from gateway.deliver.header_log import kept
from gateway.deliver.retry_after import retry_after_ms
from gateway.store.records import Attempt, DeliveryState, Job, Outcome

VARIATION = 0.2
YIELD_AFTER_MS = 60_000
FAULT_PAUSE_MS = 5_000
LONGEST_HOLD_MS = 3_600_000
KEPT_RESPONSE_BYTES = 2_048
CONTROL_HEADER = "webhook-delivery"
ABORTS = ("abort", "abort-message")


class Circumstances(Struct, frozen=True, kw_only=True):
    """What counts beside the exchange itself."""

    started_at: int
    now: int
    schedule: Sequence[float]
    """Seconds after each failed attempt."""
    failing_since: int | None = None
    """Since when the delivery has had only itself to blame; None: it holds up no conversation."""
    succeeded_at: int = 0
    """When the endpoint last succeeded with any delivery."""


class Unsent(Enum):
    """Why there was no exchange."""

    LEFT_OUT = "the endpoint's format does not carry this event"
    RAW_EXPIRED = "The raw element, which is all that the endpoint's format sends, is kept no more."
    UNPREPARED = "the request could not be made, which is our own fault"


class Verdict(Struct, frozen=True, kw_only=True):
    """The outcome to record, and what follows for the endpoint."""

    outcome: Outcome
    hold_ms: int = 0
    """The endpoint is to be left alone so long."""
    disable: str | None = None
    """Why the endpoint is to be disabled."""


def decide(job: Job, exchange: Exchange | Unsent, circumstances: Circumstances) -> Verdict:
    """What becomes of a delivery after one exchange, or without one."""
    if isinstance(exchange, Unsent) or exchange.error == "internal":
        return _without_exchange(job, exchange, circumstances)
    attempt = _attempt(job, exchange, circumstances.started_at)
    if attempt.error is None:
        outcome = Outcome(job=job, attempt=attempt, state="delivered")
        return Verdict(outcome=outcome, disable=_disable(exchange))
    asked_ms = _asked_ms(exchange, circumstances.now)
    given_up = job.attempts >= len(circumstances.schedule) or _control(exchange) in ABORTS
    outcome = Outcome(
        job=job,
        attempt=attempt,
        state="dead" if given_up else "failed",
        due_at=None if given_up else _due_at(job, circumstances, asked_ms),
        yields=not given_up and _yields(job, circumstances.started_at, circumstances),
    )
    return Verdict(outcome=outcome, hold_ms=min(asked_ms, LONGEST_HOLD_MS), disable=_disable(exchange))


def look(job: Job, planned_at: int, circumstances: Circumstances) -> Verdict:
    """Between two attempts: no attempt, only the question whether the delivery goes on holding up others."""
    yields = _yields(job, planned_at, circumstances)
    return Verdict(outcome=Outcome(job=job, attempt=None, state="failed", due_at=planned_at, yields=yields))


def _without_exchange(job: Job, exchange: Exchange | Unsent, circumstances: Circumstances) -> Verdict:
    """A fault of the transport may strike any delivery, so the endpoint pauses; a request's own need not."""
    now = circumstances.now
    if exchange is Unsent.LEFT_OUT:
        return Verdict(outcome=Outcome(job=job, attempt=None, state="delivered"))
    if exchange is Unsent.RAW_EXPIRED:
        attempt = Attempt(at=now, duration_ms=0, error="raw_expired", detail=exchange.value)
        return Verdict(outcome=Outcome(job=job, attempt=attempt, state="dead"))
    hold_ms = 0 if exchange is Unsent.UNPREPARED else FAULT_PAUSE_MS
    return Verdict(outcome=postponed(job, now + FAULT_PAUSE_MS), hold_ms=hold_ms)


def postponed(job: Job, due_at: int) -> Outcome:
    """The job goes back as it was: no attempt is charged."""
    state: DeliveryState = "failed" if job.attempts else "pending"
    return Outcome(job=job, attempt=None, state=state, due_at=due_at)


def _attempt(job: Job, exchange: Exchange, started_at: int) -> Attempt:
    error, detail = _diagnosis(exchange)
    return Attempt(
        at=started_at,
        duration_ms=exchange.duration_ms,
        status=exchange.status,
        error=error,
        detail=detail,
        response=exchange.body[:KEPT_RESPONSE_BYTES].decode("utf-8", "replace"),
        request_headers=kept(exchange.sent, job.event_id),
        response_headers=exchange.headers,
    )


def _diagnosis(exchange: Exchange) -> tuple[str | None, str | None]:
    """The error class and a sentence; (None, None) for a success."""
    if exchange.error is not None:
        return exchange.error, exchange.detail
    status = exchange.status or 0
    if 200 <= status < 300:
        return None, None
    if 300 <= status < 400:
        return "redirect", f"The receiver answered {status}. Redirects are not followed: use the final URL."
    return "status", f"The receiver answered {status}. Only 2xx counts as delivered."


def _disable(exchange: Exchange) -> str | None:
    if exchange.status == 410:
        return "410"
    return f"{CONTROL_HEADER}: disable" if _control(exchange) == "disable" else None


def _control(exchange: Exchange) -> str:
    return exchange.headers.get(CONTROL_HEADER, "").strip().lower()


def _asked_ms(exchange: Exchange, now: int) -> int:
    """For how long the receiver wants nothing (RFC 9110, 10.2.3); only 429 and 503 are believed."""
    if exchange.status not in (429, 503):
        return 0
    return retry_after_ms(exchange.headers.get("retry-after", ""), now)


def _due_at(job: Job, circumstances: Circumstances, asked_ms: int) -> int:
    """By the schedule; later if asked, but not later than an hour or twice the planned delay."""
    planned_ms = _delay_ms(job.delivery_id, job.attempts, circumstances.schedule)
    longest_ms = max(2 * planned_ms, LONGEST_HOLD_MS)
    return circumstances.now + max(planned_ms, min(asked_ms, longest_ms))


def _delay_ms(delivery_id: str, failures: int, schedule: Sequence[float]) -> int:
    """The delay after that many failures, between 0.8 and 1.2 of what the schedule says."""
    share = zlib.crc32(f"{delivery_id} {failures}".encode()) / 0xFFFFFFFF
    return round(schedule[failures] * 1_000 * (1 - VARIATION + 2 * VARIATION * share))


def _yields(job: Job, at: int, circumstances: Circumstances) -> bool:
    """Whether others may pass: a minute of failures, and a success of the endpoint since the last of them.

    `at` is when the attempt began, or is planned; the attempt before it was a delay earlier.
    """
    since, schedule = circumstances.failing_since, circumstances.schedule
    if since is None or circumstances.now - since < YIELD_AFTER_MS or not 0 < job.attempts <= len(schedule):
        return False
    tried_at = at - _delay_ms(job.delivery_id, job.attempts - 1, schedule)
    return circumstances.succeeded_at > max(since, tried_at)
