"""What becomes of outgoing messages: every store decides here, over the rows that it keeps of them."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from adapters.sending import SendError
from gateway.store.admission import Handover
from gateway.store.foretold import Foretold
from gateway.store.outcome_events import Occasion, arrivals
from gateway.store.outgoing import Message, Progress, SendJob, SendOutcome, SendSettlement
from gateway.store.outgoing_rows import Row, Rows
from gateway.store.people import Pages
from gateway.store.progress import Move, begun, claimed, concluded, expired, refused
from gateway.store.records import Arrival, Route

Follow = Callable[[Sequence[Arrival], Handover], None]
"""Takes in events that follow from something else."""


class Conclusion(Struct, frozen=True):
    """What an outcome came to; the handover is complete when the store has written it."""

    progress: Progress
    handover: Handover

    def settlement(self) -> SendSettlement:
        """What the sender is told."""
        return SendSettlement(progress=self.progress, waiting=tuple(self.handover.waiting))


class Outcomes:
    """Used inside of one change of the store."""

    def __init__(self, rows: Rows, pages: Pages, follow: Follow) -> None:
        self._rows = rows
        self._pages = pages
        self._follow = follow
        self._foretold = Foretold(rows)

    def add(self, message: Message) -> bool:
        """Keep it, unless its id is there."""
        return self._rows.add(message, self._pages.page(message.platform, message.page_id))

    def refuse(self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]) -> Handover:
        """Keep it as one that has failed."""
        handover = Handover([], [])
        row = self._rows.of_id(message.id) if self.add(message) else None
        if row is not None:
            move = refused(row.progress, error, message.created_at)
            self._move(row, move.progress, message.created_at)
            self._follow(_told(row, move, Occasion(at=message.created_at, routes=routes)), handover)
        return handover

    def claim(self, row: Row, now: int) -> SendJob:
        """Lease it to a process."""
        return self._lease(row, claimed(row.progress, now))

    def ask(self, row: Row, now: int) -> SendJob:
        """The same of one that is to be looked for: another process may try when the lease is over."""
        return self._lease(row, replace(claimed(row.progress, now), stage=row.progress.stage))

    def begin(self, job: SendJob, part: int, now: int) -> bool:
        """Whether the claim holds; then the part is in flight."""
        row = self._rows.of_id(job.message.id)
        if row is None or row.progress.claim != job.progress.claim or row.progress.stage != "leased":
            return False
        self._rows.save(row, begun(row.progress, part, now))
        return True

    def finish(self, outcome: SendOutcome) -> Conclusion:
        """Move it, and take in the events that follow."""
        handover, row = Handover([], []), self._rows.of_id(outcome.job.message.id)
        if row is None:
            return Conclusion(outcome.job.progress, handover)
        move = concluded(row.message, row.progress, outcome)
        if outcome.step == "accepted":
            move = replace(move, progress=self._foretold.fulfilled(row, move.progress, outcome.at))
        self._move(row, move.progress, outcome.at)
        occasion = Occasion(at=outcome.at, routes=outcome.routes, sent=outcome.sent)
        self._follow(_told(row, move, occasion), handover)
        self._judge(row.message, outcome)
        return Conclusion(move.progress, handover)

    def expire(self, row: Row, now: int) -> None:
        """Its lease has run out."""
        self._rows.save(row, expired(row.message, row.progress, now).progress)
        self._rows.let_next(row, now)

    def _move(self, row: Row, progress: Progress, at: int) -> None:
        self._rows.save(row, progress)
        if progress.stage == "done" or progress.failing_since is not None:
            self._rows.let_next(row, at)

    def _judge(self, message: Message, outcome: SendOutcome) -> None:
        """After what it tells: whom that meets would count as somebody who can be reached."""
        error = outcome.error
        if error is not None and error.code == "psid_invalid" and message.identity is not None:
            self._rows.mark_unreachable(message.platform, message.identity, outcome.at)

    def _lease(self, row: Row, progress: Progress) -> SendJob:
        self._rows.save(row, progress)
        return SendJob(message=row.message, progress=progress)


def _told(row: Row, move: Move, occasion: Occasion) -> list[Arrival]:
    return [] if move.event is None else list(arrivals(row.message, move.progress, move.event, occasion))
