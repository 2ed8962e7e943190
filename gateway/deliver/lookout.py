"""Heads that must yield between two attempts.

A head that has failed alone for a minute lets its conversation pass. Its next attempt may be hours away by
then, so it is made due at the end of the minute as well: only to be looked at, not to be sent. What is
remembered here is lost with the process; the look is then an attempt that comes early, and nothing worse.
"""

from msgspec.structs import replace

from gateway.deliver.policy import YIELD_AFTER_MS
from gateway.store.records import Job, Outcome


class Lookout:
    """The heads of one endpoint that are due for a look, and when their next attempts are planned."""

    __slots__ = ("_planned",)

    def __init__(self) -> None:
        self._planned: dict[tuple[str, int], int] = {}

    def watch(self, outcome: Outcome, failing_since: int | None, now: int) -> Outcome:
        """The outcome to record: due for a look first, if the head's minute ends before its next attempt."""
        if outcome.state != "failed" or outcome.due_at is None or failing_since is None:
            return outcome
        look_at = failing_since + YIELD_AFTER_MS
        if not now < look_at < outcome.due_at:
            return outcome
        job, charged = outcome.job, outcome.attempt is not None
        self._planned[job.delivery_id, job.attempts + charged] = outcome.due_at
        return replace(outcome, due_at=look_at)

    def planned_at(self, job: Job, now: int) -> int | None:
        """When the attempt of a job is planned that came for a look; None: it came to be sent."""
        planned_at = self._planned.pop((job.delivery_id, job.attempts), now)
        return planned_at if planned_at > now else None

    def forget(self) -> None:
        """Everything is due at once: whatever comes next comes to be sent."""
        self._planned.clear()
