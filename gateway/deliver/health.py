"""What exchanges tell about an endpoint: its circuit, its holds, and whether it wants anything at all."""

import asyncio
from functools import partial
from logging import DEBUG
from urllib.parse import urlsplit

from msgspec.structs import replace

from gateway.deliver.lane import Lane
from gateway.deliver.patience import Patience
from gateway.deliver.policy import LONGEST_HOLD_MS, Verdict
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.store.records import Attempt, Endpoint, Outcome


class EndpointHealth:
    """Applies verdicts to lanes, and disables endpoints that ask for it."""

    def __init__(self, store: Store, directory: Directory, patience: Patience) -> None:
        self._store = store
        self._directory = directory
        self._patience = patience
        self._disabling: dict[str, asyncio.Task[None]] = {}

    async def settle(self) -> None:
        """Return when no endpoint is still being disabled."""
        if self._disabling:
            await asyncio.wait(tuple(self._disabling.values()))

    def apply(self, lane: Lane, verdict: Verdict, now: int) -> None:
        """Take in one verdict (`now` in Unix milliseconds)."""
        outcome = verdict.outcome
        if outcome.attempt is None:
            lane.circuit.withdraw_probe()
        elif outcome.attempt.error is None:
            if lane.succeed(outcome.job, now):
                logger.info(line("circuit closed", endpoint=lane.endpoint.id))
            if logger.isEnabledFor(DEBUG):
                logger.debug(_attempt_line("delivered", outcome, outcome.attempt, lane.endpoint))
        else:
            logger.info(_attempt_line("attempt failed", outcome, outcome.attempt, lane.endpoint))
            if lane.fail(outcome.job, now, blameless=outcome.job.replay or verdict.hold_ms > 0):
                logger.info(line("circuit opened", endpoint=lane.endpoint.id))
        if verdict.hold_ms:
            lane.hold(now + verdict.hold_ms)
        if verdict.disable is not None:
            self._disable(lane, verdict.disable, now)

    def _disable(self, lane: Lane, reason: str, now: int) -> None:
        lane.hold(now + LONGEST_HOLD_MS)  # nothing starts until the new status is in the directory
        endpoint_id = lane.endpoint.id
        if endpoint_id not in self._disabling:
            task = asyncio.create_task(self._put_disabled(endpoint_id, reason))
            self._disabling[endpoint_id] = task
            task.add_done_callback(lambda _: self._disabling.pop(endpoint_id))

    async def _put_disabled(self, endpoint_id: str, reason: str) -> None:
        endpoint = self._directory.endpoints.get(endpoint_id)
        if endpoint is None or endpoint.status == "disabled":
            return
        disabled = replace(endpoint, status="disabled", status_reason=reason)
        try:
            await self._patience.insist(partial(self._store.put_endpoint, disabled))
            await self._patience.insist(self._directory.reload)
        except StoreUnavailable as error:
            logger.error(line("endpoint not disabled", endpoint=endpoint_id, reason=reason, error=error))
        else:
            logger.warning(line("endpoint.disabled", endpoint=endpoint_id, reason=reason))


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
