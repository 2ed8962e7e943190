"""Replays as they stand, and what one would take."""

import sqlite3
from typing import Any

import msgspec
from msgspec.structs import replace

from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.sqlite.layout.paging import Conditions, direction
from gateway.store.sqlite.runs.replay_choice import Range, choice, start

_ENDPOINT = "SELECT key, customer FROM endpoints WHERE id = ? AND record IS NOT NULL"
_SHOWN = "SELECT key, record, state, done, finished_at FROM replays"


def count_chosen(connection: sqlite3.Connection, plan: ReplayPlan) -> int:
    """How many events the plan takes now; none without its endpoint."""
    row = connection.execute(_ENDPOINT, (plan.endpoint_id,)).fetchone()
    if row is None:
        return 0
    endpoint, customer = row
    query, conditions = choice(plan, Range(endpoint, customer, start(plan)))
    (count,) = connection.execute(f"SELECT count(*) {query}", conditions.values).fetchone()
    return int(count)


def list_replays(
    connection: sqlite3.Connection, customer_id: str | None, request: PageRequest
) -> Page[Replay]:
    """One page. Raises InvalidCursor."""
    comparison, order = direction(request)
    (last,) = position(request, 1) or (None,)
    conditions = Conditions()
    conditions.add("customer_id = ?", customer_id)
    conditions.add(f"key {comparison} ?", last)
    query = f"{_SHOWN} WHERE {conditions} ORDER BY key {order} LIMIT ?"
    rows = connection.execute(query, (*conditions.values, request.limit + 1)).fetchall()
    return page_of(rows, request, _replay, lambda replay: replay.cursor)


def read_replay(connection: sqlite3.Connection, customer_id: str | None, replay_id: str) -> Replay | None:
    """None: the customer has no such replay."""
    conditions = Conditions()
    conditions.add("id = ?", replay_id)
    conditions.add("customer_id = ?", customer_id)
    row = connection.execute(f"{_SHOWN} WHERE {conditions}", conditions.values).fetchone()
    return None if row is None else _replay(row)


def _replay(row: Any) -> Replay:
    key, record, state, done, finished_at = row
    asked = msgspec.json.decode(record, type=Replay)
    return replace(asked, state=state, done=done, finished_at=finished_at, cursor=cursor(key))
