"""Re-normalisations under way: each step changes events and moves the position, or does neither."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Arrival, Page, PageRequest
from gateway.store.renormalisation import Addition, Clearing, Renormalisation, Step
from gateway.store.sqlite.central.quarantine import Quarantine
from gateway.store.sqlite.intake.admission import Admissions
from gateway.store.sqlite.layout.paging import Conditions, direction
from gateway.store.sqlite.runs.revisions import Revisions

_BEGIN = (
    "INSERT INTO renormalisations (id, customer_id, state, position, due_at, record)"
    " VALUES (?, ?, 'running', '', ?, ?)"
)
_SHOWN = "SELECT key, record, state, examined, revised, added, finished_at, position FROM renormalisations"
_DUE = f"{_SHOWN} WHERE state = 'running' AND due_at <= ? ORDER BY due_at, key LIMIT 1"
_AT_STEP = f"{_SHOWN} WHERE id = ? AND state = 'running' AND position = ?"
_MOVE = """
    UPDATE renormalisations SET position = ?, due_at = ?, examined = examined + ?, revised = revised + ?,
        added = added + ? WHERE id = ?
"""
_END = "UPDATE renormalisations SET state = ?, finished_at = ? WHERE id = ? AND state = 'running'"
_CLEAR = "DELETE FROM quarantine WHERE key = ?"
_HAS_EVENT = """
    SELECT 1 FROM events WHERE key = ?
    AND NOT EXISTS (SELECT 1 FROM emptying WHERE event = events.key AND gone)
"""
_HAS_QUARANTINED = "SELECT 1 FROM quarantine WHERE key = ?"


class Renormalisations:
    """Used by the writer only."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        admissions: Admissions,
        revisions: Revisions,
        quarantine: Quarantine,
    ) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._admissions = admissions
        self._revisions = revisions
        self._quarantine = quarantine

    def begin(self, run: Renormalisation) -> None:
        """Keep it; the first step is due at once."""
        self._execute(_BEGIN, (run.id, run.plan.customer_id, run.created_at, msgspec.json.encode(run)))

    def cancel(self, customer_id: str | None, renormalisation_id: str, now: int) -> Renormalisation | None:
        """The run as it ended; None: the customer has no such run."""
        if read_renormalisation(self._connection, customer_id, renormalisation_id) is None:
            return None
        self._execute(_END, ("cancelled", now, renormalisation_id))
        return read_renormalisation(self._connection, customer_id, renormalisation_id)

    def revise(self, step: Step) -> tuple[str, ...]:
        """Apply a step; the endpoints to wake."""
        row = self._execute(_AT_STEP, (step.renormalisation_id, step.begins)).fetchone()
        if row is None:
            return ()
        run = _run(row)
        new = [one.arrival for one in step.additions if self._is_new(one)]
        revised, woken = (len(step.revisions), ()) if run.plan.dry_run else self._apply(step, new)
        due_at = step.at + (0 if run.plan.dry_run else _pause(run, revised + len(new)))
        self._execute(_MOVE, (step.ends, due_at, step.examined, revised, len(new), run.id))
        if step.last:
            self._execute(_END, ("done", step.at, run.id))
        return woken

    def _apply(self, step: Step, new: Sequence[Arrival]) -> tuple[int, tuple[str, ...]]:
        """How many events were revised, and whom to wake."""
        made_due = [self._revisions.revise(one, step.at) for one in step.revisions]
        revised = [endpoint_ids for endpoint_ids in made_due if endpoint_ids is not None]
        for supersession in step.supersessions:
            self._revisions.supersede(supersession)
        for clearing in step.clearings:
            self._clear(clearing, step.at)
        admissions = self._admissions.accept(new)
        woken = [*revised, *(admission.waiting for admission in admissions)]
        return len(revised), tuple(dict.fromkeys(one for endpoint_ids in woken for one in endpoint_ids))

    def _is_new(self, addition: Addition) -> bool:
        """Whether it was never taken in, and what it was read from was not erased meanwhile."""
        sources = [(_HAS_EVENT, key) for key in addition.events]
        sources += [(_HAS_QUARANTINED, key) for key in addition.quarantined]
        there = all(self._execute(query, (key,)).fetchone() for query, key in sources)
        return there and not self._admissions.ever_took(addition.arrival)

    def _clear(self, clearing: Clearing, at: int) -> None:
        if self._execute(_CLEAR, (clearing.place,)).rowcount:
            self._quarantine.add(clearing.platform, at, clearing.left)


def _pause(run: Renormalisation, changed: int) -> int:
    """How long so many changes take at the run's rate, in milliseconds."""
    return -(-changed * 1_000 // run.rate)


def read_due(connection: sqlite3.Connection, now: int) -> Renormalisation | None:
    """The running one whose step has been due the longest."""
    row = connection.execute(_DUE, (now,)).fetchone()
    return None if row is None else _run(row)


def list_renormalisations(
    connection: sqlite3.Connection, customer_id: str | None, request: PageRequest
) -> Page[Renormalisation]:
    """One page. Raises InvalidCursor."""
    comparison, order = direction(request)
    (last,) = position(request, 1) or (None,)
    conditions = Conditions()
    conditions.add("customer_id = ?", customer_id)
    conditions.add(f"key {comparison} ?", last)
    query = f"{_SHOWN} WHERE {conditions} ORDER BY key {order} LIMIT ?"
    rows = connection.execute(query, (*conditions.values, request.limit + 1)).fetchall()
    return page_of(rows, request, _run, lambda run: run.cursor)


def read_renormalisation(
    connection: sqlite3.Connection, customer_id: str | None, renormalisation_id: str
) -> Renormalisation | None:
    """None: the customer has no such run."""
    conditions = Conditions()
    conditions.add("id = ?", renormalisation_id)
    conditions.add("customer_id = ?", customer_id)
    row = connection.execute(f"{_SHOWN} WHERE {conditions}", conditions.values).fetchone()
    return None if row is None else _run(row)


def _run(row: Any) -> Renormalisation:
    key, record, state, examined, revised, added, finished_at, reached = row
    return replace(
        msgspec.json.decode(record, type=Renormalisation),
        state=state,
        examined=examined,
        revised=revised,
        added=added,
        finished_at=finished_at,
        position=reached,
        cursor=cursor(key),
    )
