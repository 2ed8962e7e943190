"""Deliveries that are not finished: made with their event, claimed by the dispatcher."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Sequence

from gateway.store.admission import Handover
from gateway.store.identifiers import delivery_id, webhook_id
from gateway.store.records import Job, Route
from gateway.store.sqlite.intake.events import Written
from gateway.store.sqlite.layout.bulk import Inserts, Row
from gateway.store.sqlite.layout.lines import BEHIND, LEASED, TRIED, UNTRIED, Line, Lines
from gateway.store.sqlite.layout.registry import NATIVE, EndpointKey, Registry

_COLUMNS = "event, endpoint, line, stage, due_at, claim, tried, replay, created_at, format, include_raw"
_VOID_ALL = f"""
    UPDATE open_deliveries SET stage = iif(tried > 0, {TRIED}, {UNTRIED}), due_at = created_at
    WHERE stage = {LEASED} AND endpoint IN (SELECT key FROM endpoints)
"""
_VOID_EXPIRED = f"""
    UPDATE open_deliveries SET stage = iif(tried > 0, {TRIED}, {UNTRIED}), due_at = created_at
    WHERE endpoint = ? AND stage = {LEASED} AND due_at <= ?
"""
_DUE = """
    SELECT d.event, d.claim, d.tried, d.created_at, d.first_failed_at, d.replay, d.format, d.include_raw,
        e.id, e.revision, e.body, c.id
    FROM open_deliveries d JOIN events e ON e.key = d.event
    LEFT JOIN conversations c ON c.key = e.conversation
    WHERE d.endpoint = ? AND d.stage = ? AND d.due_at <= ? ORDER BY d.due_at, d.event LIMIT ?
"""
_LEASE = f"""
    UPDATE open_deliveries SET stage = {LEASED}, due_at = ?, claim = claim + 1
    WHERE event = ? AND endpoint = ?
"""
_FIRST_DUE = "SELECT min(due_at) FROM open_deliveries WHERE endpoint = ? AND stage = ?"


class Queue:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, registry: Registry, lines: Lines) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._registry = registry
        self._lines = lines
        self._inserts = Inserts(connection, "open_deliveries", _COLUMNS)
        self._inserted: set[Line] = set()

    def void_leases(self) -> None:
        """What a process before this one had claimed is due again."""
        self._execute(_VOID_ALL)

    def add(self, event: Written, routes: Sequence[Route], handover: Handover) -> None:
        """One delivery per route; an endpoint that pulls or has been deleted meanwhile gets none."""
        for route in routes:
            endpoint = self._registry.endpoint(route.endpoint_id)
            if endpoint is not None and endpoint.pulls:
                handover.waiting.append(endpoint.id)
            elif endpoint is not None:
                self._add(event, route, endpoint, handover)

    def _add(self, event: Written, route: Route, endpoint: EndpointKey, handover: Handover) -> None:
        line = event.line if route.ordered else None
        now = event.created_at
        due_at: int | None
        if line is not None and self._is_busy(endpoint.key, line):
            stage, due_at, claim = BEHIND, None, 0
        elif route.claim:
            stage, due_at, claim = LEASED, now + endpoint.lease_ms, 1
            handover.jobs.append(_first_job(event, route, endpoint))
        else:
            stage, due_at, claim = UNTRIED, now, 0
            handover.waiting.append(endpoint.id)
        place, form = (event.key, endpoint.key, line), (endpoint.format, endpoint.include_raw)
        self._inserts.add((*place, stage, due_at, claim, 0, route.replay, now, *form))
        if line is not None:
            self._inserted.add((endpoint.key, line))

    def _is_busy(self, endpoint: int, line: int) -> bool:
        return (endpoint, line) in self._inserted or self._lines.busy(endpoint, line)

    def flush(self) -> None:
        """Write what was added."""
        self._inserts.flush()
        self._inserted.clear()

    def forget(self) -> None:
        """Drop what was not written."""
        self._inserts.drop()
        self._inserted.clear()

    def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        """Lease what is due, and tell when the next will be."""
        endpoint = self._registry.endpoint(endpoint_id)
        if endpoint is None:
            return [], None
        self._execute(_VOID_EXPIRED, (endpoint.key, now))
        jobs = [
            *self._due_jobs(endpoint, UNTRIED, now, first),
            *self._due_jobs(endpoint, TRIED, now, retries),
        ]
        self._connection.executemany(_LEASE, [(now + lease_ms, *job.place) for job in jobs])
        return jobs, self._first_due(endpoint.key)

    def _due_jobs(self, endpoint: EndpointKey, stage: int, now: int, limit: int) -> list[Job]:
        if limit <= 0:
            return []
        rows = self._execute(_DUE, (endpoint.key, stage, now, limit)).fetchall()
        return [_due_job(endpoint, row) for row in rows]

    def _first_due(self, endpoint: int) -> int | None:
        moments = [self._execute(_FIRST_DUE, (endpoint, stage)).fetchone()[0] for stage in (UNTRIED, TRIED)]
        return min((moment for moment in moments if moment is not None), default=None)


def _first_job(event: Written, route: Route, endpoint: EndpointKey) -> Job:
    return Job(
        delivery_id=delivery_id(event.id, endpoint.id),
        endpoint_id=endpoint.id,
        event_id=event.id,
        webhook_id=event.id,
        body=event.body,
        claim=1,
        attempts=0,
        created_at=event.created_at,
        conversation_id=event.conversation_id,
        replay=route.replay,
        format=endpoint.format or NATIVE,
        include_raw=endpoint.include_raw,
        place=(event.key, endpoint.key),
    )


def _due_job(endpoint: EndpointKey, row: Row) -> Job:
    event, claim, tried, created_at, first_failed_at, replay, format, include_raw, *of_event = row
    event_id, revision, body, conversation_id = of_event
    return Job(
        delivery_id=delivery_id(event_id, endpoint.id),
        endpoint_id=endpoint.id,
        event_id=event_id,
        webhook_id=webhook_id(event_id, revision),
        body=body,
        claim=claim + 1,
        attempts=tried,
        created_at=created_at,
        conversation_id=conversation_id,
        first_failed_at=first_failed_at,
        replay=bool(replay),
        format=format or NATIVE,
        include_raw=bool(include_raw),
        place=(event, endpoint.key),
    )
