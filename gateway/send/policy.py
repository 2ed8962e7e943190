"""What follows from an answer of the platform. Pure; times are Unix milliseconds."""

from msgspec import Struct

from adapters.sending import SendError, Sent
from gateway.store.outgoing import Progress, Step

SCHEDULE = (2, 5, 15, 60, 300, 900, 1_800, 3_600)
"""Seconds after each failed attempt; after the last one the message has failed."""
LIMITED_FOR_MS = 24 * 3_600_000
"""How long a message is kept that finds the limit reached each time."""
_LONGEST_BACKOFF = 300


class Verdict(Struct, frozen=True, kw_only=True):
    """What becomes of the attempt, and of the account."""

    step: Step
    error: SendError | None = None
    due_at: int | None = None
    account_stops_until: int | None = None


def verdict(result: Sent | SendError, progress: Progress, created_at: int, now: int) -> Verdict:
    """Accepted, due again, refused, or nobody knows."""
    if isinstance(result, Sent) or (result.already_done and progress.tried):
        return Verdict(step="accepted")
    if result.ambiguous:
        return Verdict(step="unsettled", error=result)
    if result.code == "rate_limited" and result.retryable and now - created_at < LIMITED_FOR_MS:
        return _limited(result, progress, now)
    if result.retryable and result.code != "rate_limited" and progress.tried < len(SCHEDULE):
        wait = max(SCHEDULE[progress.tried], result.retry_after or 0)
        return Verdict(step="failing", error=result, due_at=now + wait * 1_000)
    return Verdict(step="refused", error=result)


def _limited(error: SendError, progress: Progress, now: int) -> Verdict:
    """Meta asks for 4^x seconds; where it concerns the account or the app, nothing goes meanwhile."""
    wait = max(error.retry_after or 0, min(4 ** min(progress.tried, 8), _LONGEST_BACKOFF))
    due_at = now + wait * 1_000
    stops = due_at if error.scope in ("account", "app") else None
    return Verdict(step="failing", error=error, due_at=due_at, account_stops_until=stops)
