"""Messages on their way out: claimed, begun, moved by what came of it."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from adapters.sending import SendError
from gateway.store.admission import Handover
from gateway.store.outcome_events import Occasion, arrivals
from gateway.store.outgoing import Message, Progress, Queued, SendJob, SendOutcome, SendSettlement
from gateway.store.progress import begun, claimed, concluded, expired, refused
from gateway.store.records import Arrival, Route
from gateway.store.sqlite.admission import Admissions
from gateway.store.sqlite.consents import Consents
from gateway.store.sqlite.foretold import Foretold
from gateway.store.sqlite.outbox_rows import (
    BEGUN,
    COLUMNS,
    LEASED,
    UNSETTLED,
    WAITING,
    OutboxRows,
    Row,
    row_of,
)
from gateway.store.sqlite.registry import Registry

_DUE = f"""
    SELECT {COLUMNS} FROM outgoing
    WHERE page = ? AND stage = {WAITING} AND due_at <= ? ORDER BY due_at, key LIMIT ?
"""
_FIRST_DUE = f"SELECT min(due_at) FROM outgoing WHERE page = ? AND stage = {WAITING}"
_BACKLOG = f"""
    SELECT platform, page_id, min(due_at) FROM outgoing JOIN pages ON pages.key = outgoing.page
    WHERE stage = {WAITING} GROUP BY page
"""
_EXPIRED = f"SELECT {COLUMNS} FROM outgoing WHERE stage IN ({LEASED}, {BEGUN}) AND due_at <= ?"
_CLAIMED = f"SELECT {COLUMNS} FROM outgoing WHERE stage IN ({LEASED}, {BEGUN})"
_UNSETTLED = f"""
    SELECT {COLUMNS} FROM outgoing WHERE stage = {UNSETTLED} AND due_at <= ? ORDER BY due_at LIMIT ?
"""


class OutboxQueue:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, registry: Registry, rows: OutboxRows, admissions: Admissions
    ) -> None:
        self._execute = connection.cursor().execute
        self._registry = registry
        self._rows = rows
        self._admissions = admissions
        self._consents = Consents(connection)
        self._foretold = Foretold(connection)

    def add(self, message: Message) -> bool:
        """Keep it, unless its id is there."""
        if self._rows.of_id(message.id) is not None:
            return False
        self._rows.add(message, self._registry.page(message.platform, message.page_id))
        return True

    def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        """Keep it as one that has failed."""
        handover = Handover([], [])
        if self.add(message) and (row := self._rows.of_id(message.id)) is not None:
            move = refused(row.progress, error, message.created_at)
            self._rows.save(row, move.progress)
            occasion = Occasion(at=message.created_at, routes=routes)
            news = [] if move.event is None else list(arrivals(message, move.progress, move.event, occasion))
            self._admissions.follow(news, handover)
        return tuple(handover.waiting)

    def backlog(self) -> list[Queued]:
        """Pages with something to send."""
        return [Queued(platform=row[0], page_id=row[1], due_at=row[2]) for row in self._execute(_BACKLOG)]

    def claim(self, platform: str, page_id: str, now: int, limit: int) -> tuple[list[SendJob], int | None]:
        """Lease what is due, and tell when the next one will be."""
        page = self._registry.page(platform, page_id)
        rows = self._read(_DUE, (page, now, limit))
        jobs = [self._lease(row, claimed(row.progress, now)) for row in rows]
        return jobs, self._execute(_FIRST_DUE, (page,)).fetchone()[0]

    def begin(self, job: SendJob, part: int, now: int) -> bool:
        """Whether the claim holds; then the part is in flight."""
        row = self._rows.of_id(job.message.id)
        if row is None or row.progress.claim != job.progress.claim or row.progress.stage != "leased":
            return False
        self._rows.save(row, begun(row.progress, part, now))
        return True

    def finish(self, outcomes: Sequence[SendOutcome]) -> list[SendSettlement]:
        """Move each, and take in the events that follow."""
        return [self._finish(outcome) for outcome in outcomes]

    def unsettled(self, now: int, limit: int) -> list[SendJob]:
        """What is to be looked for, claimed."""
        rows = self._read(_UNSETTLED, (now, limit))
        return [self._lease(row, _still_unsettled(row.progress, claimed(row.progress, now))) for row in rows]

    def void_all(self, now: int) -> None:
        """Nobody else has the file: what was claimed was claimed by the dead."""
        self._void(self._read(_CLAIMED, ()), now)

    def expire(self, now: int) -> None:
        """Void the leases that have run out."""
        self._void(self._read(_EXPIRED, (now,)), now)

    def _void(self, rows: list[Row], now: int) -> None:
        for row in rows:
            move = expired(row.message, row.progress, now)
            self._rows.save(row, move.progress)
            self._rows.let_next(row, now)

    def _finish(self, outcome: SendOutcome) -> SendSettlement:
        row = self._rows.of_id(outcome.job.message.id)
        if row is None:
            return SendSettlement(progress=outcome.job.progress)
        move = concluded(row.message, row.progress, outcome)
        if outcome.step == "accepted":
            move = replace(move, progress=self._foretold.fulfilled(row, move.progress, outcome.at))
        self._rows.save(row, move.progress)
        if move.progress.stage == "done" or move.progress.failing_since is not None:
            self._rows.let_next(row, outcome.at)
        handover = Handover([], [])
        self._admissions.follow(self._news(row, move.event, move.progress, outcome), handover)
        return SendSettlement(progress=move.progress, waiting=tuple(handover.waiting))

    def _news(self, row: Row, event: str | None, progress: Progress, outcome: SendOutcome) -> list[Arrival]:
        message, error = row.message, outcome.error
        occasion = Occasion(at=outcome.at, routes=outcome.routes, sent=outcome.sent)
        news = [] if event is None else list(arrivals(message, progress, event, occasion))
        if error is not None and error.code == "psid_invalid" and message.identity is not None:
            self._consents.mark(message.platform, message.identity, "unreachable", outcome.at)
        return news

    def _lease(self, row: Row, progress: Progress) -> SendJob:
        self._rows.save(row, progress)
        return SendJob(message=row.message, progress=progress)

    def _read(self, query: str, values: tuple[int, ...]) -> list[Row]:
        return [row_of(row) for row in self._execute(query, values).fetchall()]


def _still_unsettled(before: Progress, claimed_now: Progress) -> Progress:
    """Looked for by one process at a time: another one may try when the lease is over."""
    return replace(claimed_now, stage=before.stage)
