"""Events with their deliveries as records for another store."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal

from gateway.store.records import Attempt
from gateway.store.sqlite.events.deliveries import attempt_of
from gateway.store.sqlite.layout.keys import moment_of
from gateway.store.sqlite.layout.lines import BEHIND, TRIED, UNTRIED
from gateway.store.transfer.events import Content, DeliveryRecord, EventRecord

_EVENTS = """
    SELECT e.key, e.id, e.name, p.platform, p.page_id, e.received_at, e.customers, c.id, e.body, e.envelope,
        e.element_start, e.element_end, e.revision, e.superseded_by, g.gone
    FROM events e JOIN pages p ON p.key = e.page LEFT JOIN conversations c ON c.key = e.conversation
    LEFT JOIN emptying g ON g.event = e.key
    WHERE e.key > ? ORDER BY e.key LIMIT ?
"""
_OPEN = """
    SELECT d.event, p.id, d.endpoint, d.stage, d.due_at, d.claim, d.tried, d.first_failed_at, d.replay,
        d.created_at, d.line IS NOT NULL, d.format, d.include_raw
    FROM open_deliveries d JOIN endpoints p ON p.key = d.endpoint WHERE d.event BETWEEN ? AND ?
"""
_FINISHED = """
    SELECT d.event, p.id, d.endpoint, d.state, d.claim, d.created_at, d.finished_at
    FROM finished_deliveries d JOIN endpoints p ON p.key = d.endpoint WHERE d.event BETWEEN ? AND ?
"""
_ATTEMPTS = """
    SELECT event, endpoint, claim, at, duration_ms, error, status, detail, response, request_headers,
        response_headers
    FROM attempts WHERE event BETWEEN ? AND ? ORDER BY event, endpoint, claim
"""
_STATES: dict[int, Literal["untried", "tried", "behind"]] = {
    UNTRIED: "untried",
    TRIED: "tried",
    BEHIND: "behind",
}
"""Nothing is leased: opening the file voids all leases."""

_CONTENT: dict[int | None, Content] = {None: "kept", 0: "leaving", 1: "removed"}
"""By what the table `emptying` says of an event."""
NATIVE = "native"
_Attempts = dict[tuple[int, int], list[tuple[int, Attempt]]]


def events(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[tuple[str, EventRecord]]:
    """Events, in the order in which they were taken in."""
    rows = connection.execute(_EVENTS, (int(after or -1), limit)).fetchall()
    if not rows:
        return
    deliveries = _deliveries(connection, (rows[0][0], rows[-1][0]))
    for row in rows:
        made = sorted(deliveries[row[0]], key=lambda one: one.endpoint_id)
        yield str(row[0]), _event(row, tuple(made))


def _event(row: Any, deliveries: tuple[DeliveryRecord, ...]) -> EventRecord:
    key, identifier, name, platform, page_id, received_at, customers, conversation, *content = row
    body, envelope, start, end, revision, superseded_by, gone = content
    return EventRecord(
        at=moment_of(key),
        id=identifier,
        name=name,
        platform=platform,
        page_id=page_id,
        received_at=received_at,
        customer_ids=tuple(customers.split()),
        conversation_id=conversation,
        body=body,
        envelope=envelope,
        content=_CONTENT[gone],
        element=None if start is None else (start, end),
        revision=revision,
        superseded_by=tuple((superseded_by or "").split()),
        deliveries=deliveries,
    )


def _deliveries(connection: sqlite3.Connection, span: tuple[int, int]) -> dict[int, list[DeliveryRecord]]:
    attempts: _Attempts = defaultdict(list)
    for event, endpoint, claim, *attempt in connection.execute(_ATTEMPTS, span):
        attempts[event, endpoint].append((claim, attempt_of(attempt)))
    found: dict[int, list[DeliveryRecord]] = defaultdict(list)
    for row in connection.execute(_OPEN, span):
        found[row[0]].append(_open(row, attempts))
    for row in connection.execute(_FINISHED, span):
        found[row[0]].append(_finished(row, attempts))
    return found


def _open(row: Any, attempts: _Attempts) -> DeliveryRecord:
    event, endpoint_id, endpoint, stage, due_at, claim, tried, *rest = row
    first_failed_at, replay, created_at, in_line, format, include_raw = rest
    return DeliveryRecord(
        endpoint_id=endpoint_id,
        state=_STATES[stage],
        due_at=due_at,
        claim=claim,
        tries=tried,
        first_failed_at=first_failed_at,
        replay=bool(replay),
        created_at=created_at,
        in_line=bool(in_line),
        format=format or NATIVE,
        include_raw=bool(include_raw),
        finished_at=None,
        attempts=tuple(attempts[event, endpoint]),
    )


def _finished(row: Any, attempts: _Attempts) -> DeliveryRecord:
    event, endpoint_id, endpoint, state, claim, created_at, finished_at = row
    made = tuple(attempts[event, endpoint])
    return DeliveryRecord(
        endpoint_id=endpoint_id,
        state=state,
        due_at=None,
        claim=claim,
        tries=len(made),
        first_failed_at=None,
        replay=False,
        created_at=created_at,
        in_line=False,
        format=NATIVE,
        include_raw=False,
        finished_at=finished_at,
        attempts=made,
    )
