"""What exchanges tell about an endpoint: its circuit, its holds, its outages."""

from logging import DEBUG
from urllib.parse import urlsplit

from gateway.deliver.lane import Lane
from gateway.deliver.outages import Outages
from gateway.deliver.policy import Verdict
from gateway.log import line, logger
from gateway.store.records import Attempt, Endpoint, Outcome


class EndpointHealth:
    """Applies verdicts to lanes."""

    def __init__(self, outages: Outages) -> None:
        self._outages = outages

    def apply(self, lane: Lane, verdict: Verdict, now: int) -> None:
        """Take in one verdict (`now` in Unix milliseconds)."""
        outcome = verdict.outcome
        if outcome.attempt is None:
            lane.circuit.withdraw_probe()
        elif outcome.attempt.error is None:
            if lane.succeed(outcome.job, now):
                logger.info(line("circuit closed", endpoint=lane.endpoint.id))
            self._outages.succeeded(lane, now)
            if logger.isEnabledFor(DEBUG):
                logger.debug(_attempt_line("delivered", outcome, outcome.attempt, lane.endpoint))
        else:
            logger.info(_attempt_line("attempt failed", outcome, outcome.attempt, lane.endpoint))
            blameless = outcome.job.replay or verdict.hold_ms > 0
            if lane.fail(outcome.job, now, blameless=blameless):
                logger.info(line("circuit opened", endpoint=lane.endpoint.id))
            if not blameless:
                self._outages.failed(lane, now)
        if verdict.hold_ms:
            lane.hold(now + verdict.hold_ms)
        if verdict.disable is not None:
            self._outages.disable(lane, verdict.disable, now)


def _attempt_line(what: str, outcome: Outcome, attempt: Attempt, endpoint: Endpoint) -> str:
    """Everything about an attempt that helps and may be seen: no body, no secret, no path or query."""
    job = outcome.job
    return line(
        what,
        delivery=job.delivery_id,
        event=job.event_id,
        endpoint=endpoint.id,
        conversation=job.conversation_id,
        attempt=job.attempts + 1,
        error=attempt.error,
        status=attempt.status,
        duration_ms=attempt.duration_ms,
        host=urlsplit(endpoint.url).hostname,
        state=outcome.state,
        due_at=outcome.due_at,
        yields=outcome.yields or None,
    )
