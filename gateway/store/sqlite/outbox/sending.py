"""Messages on their way out: claimed, begun, moved by what came of it."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Mapping, Sequence

from adapters.sending import SendError
from gateway.store.outcomes import Outcomes
from gateway.store.outgoing import Message, Queued, SendJob, SendOutcome, SendSettlement
from gateway.store.outgoing_rows import Row
from gateway.store.records import Route
from gateway.store.sqlite.intake.admission import Admissions
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.records.outgoing_rows import (
    BEGUN,
    COLUMNS,
    LEASED,
    UNSETTLED,
    WAITING,
    OutboxRows,
    row_of,
)

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
        self._outcomes = Outcomes(rows, registry, admissions.follow)
        self.add = self._outcomes.add
        self.begin = self._outcomes.begin

    def refuse(
        self, message: Message, error: SendError, routes: Mapping[str, tuple[Route, ...]]
    ) -> tuple[str, ...]:
        """Keep it as one that has failed; endpoints to wake."""
        return tuple(self._outcomes.refuse(message, error, routes).waiting)

    def backlog(self) -> list[Queued]:
        """Pages with something to send."""
        return [Queued(platform=row[0], page_id=row[1], due_at=row[2]) for row in self._execute(_BACKLOG)]

    def claim(self, platform: str, page_id: str, now: int, limit: int) -> tuple[list[SendJob], int | None]:
        """Lease what is due, and tell when the next one will be."""
        page = self._registry.page(platform, page_id)
        rows = self._read(_DUE, (page, now, limit))
        jobs = [self._outcomes.claim(row, now) for row in rows]
        return jobs, self._execute(_FIRST_DUE, (page,)).fetchone()[0]

    def finish(self, outcomes: Sequence[SendOutcome]) -> list[SendSettlement]:
        """Move each, and take in the events that follow."""
        return [self._outcomes.finish(outcome).settlement() for outcome in outcomes]

    def unsettled(self, now: int, limit: int) -> list[SendJob]:
        """What is to be looked for, claimed."""
        return [self._outcomes.ask(row, now) for row in self._read(_UNSETTLED, (now, limit))]

    def void_all(self, now: int) -> None:
        """Nobody else has the file: what was claimed was claimed by the dead."""
        self._void(self._read(_CLAIMED, ()), now)

    def expire(self, now: int) -> None:
        """Void the leases that have run out."""
        self._void(self._read(_EXPIRED, (now,)), now)

    def _void(self, rows: list[Row], now: int) -> None:
        for row in rows:
            self._outcomes.expire(row, now)

    def _read(self, query: str, values: tuple[int, ...]) -> list[Row]:
        return [row_of(row) for row in self._execute(query, values).fetchall()]
