"""Replays under way: each step makes the next deliveries due and moves the position, or does neither."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from gateway.store.replay import Replay, ReplayState
from gateway.store.sqlite.events.redelivery import Redeliveries
from gateway.store.sqlite.layout.keys import first_key
from gateway.store.sqlite.layout.registry import EndpointKey, Registry
from gateway.store.sqlite.runs.replay_choice import Range, choice, source, start
from gateway.store.sqlite.runs.replay_reads import read_replay

STEP = 200
"""Deliveries per step: a step must not hold up the commits of the hot path."""
SCANNED = 1_000
"""Events that a step looks at, at most: a filter may leave out a million between two that fit."""
_BEGIN = (
    "INSERT INTO replays (id, customer_id, state, position, due_at, done, record)"
    " VALUES (?, ?, 'running', ?, ?, 0, ?)"
)
_NEXT = """
    SELECT key, record, position FROM replays WHERE state = 'running' AND due_at <= ?
    ORDER BY due_at, key LIMIT 1
"""
_LAST_SCANNED = f"""
    SELECT event FROM listings WHERE customer = ? AND event > ? AND event < ?
    ORDER BY event LIMIT 1 OFFSET {SCANNED - 1}
"""
_MOVE = "UPDATE replays SET position = ?, due_at = ?, done = done + ? WHERE key = ?"
_END = "UPDATE replays SET state = ?, finished_at = ? WHERE key = ?"
_CANCEL = "UPDATE replays SET state = 'cancelled', finished_at = ? WHERE id = ? AND state = 'running'"


class _Running(Struct, frozen=True):
    key: int
    replay: Replay
    position: int


class Replays:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, registry: Registry, redeliveries: Redeliveries
    ) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._registry = registry
        self._redeliveries = redeliveries

    def begin(self, replay: Replay) -> None:
        """Keep it; the first step is due at once."""
        record = msgspec.json.encode(replay)
        values = (replay.id, replay.customer_id, start(replay.plan), replay.created_at, record)
        self._execute(_BEGIN, values)

    def advance(self, now: int) -> str | None:
        """One step of what has been due the longest; its endpoint. None: nothing is due."""
        row = self._execute(_NEXT, (now,)).fetchone()
        if row is None:
            return None
        key, record, position = row
        running = _Running(key, msgspec.json.decode(record, type=Replay), position)
        endpoint = self._registry.endpoint(running.replay.plan.endpoint_id)
        if endpoint is None:
            self._end(running, "cancelled", now)
        else:
            self._step(running, endpoint, now)
        return running.replay.plan.endpoint_id

    def cancel(self, customer_id: str | None, replay_id: str, now: int) -> Replay | None:
        """The replay as it ended; None: the customer has no such replay."""
        if read_replay(self._connection, customer_id, replay_id) is None:
            return None
        self._execute(_CANCEL, (now, replay_id))
        return read_replay(self._connection, customer_id, replay_id)

    def _step(self, running: _Running, endpoint: EndpointKey, now: int) -> None:
        replay = running.replay
        limit = min(STEP, replay.rate)
        last = self._last_scanned(running, endpoint)
        within = Range(endpoint.key, endpoint.customer, running.position, last)
        # One more than is made due tells whether this step is the last.
        found = self._chosen(running, within, limit + 1)
        events = found[:limit]
        self._make_due(replay, endpoint, events, now)
        reached = events[-1] if len(found) > limit else last
        position = running.position if reached is None else reached
        self._execute(_MOVE, (position, now + _pause(replay, len(events)), len(events), running.key))
        if reached is None:
            self._end(running, "done", now)

    def _last_scanned(self, running: _Running, endpoint: EndpointKey) -> int | None:
        """The last event that this step may look at; None: all that is left."""
        plan = running.replay.plan
        span = (source(plan, endpoint.customer), running.position, first_key(plan.until))
        row = self._execute(_LAST_SCANNED, span).fetchone()
        return None if row is None else int(row[0])

    def _chosen(self, running: _Running, within: Range, limit: int) -> list[int]:
        query, conditions = choice(running.replay.plan, within)
        ordered = f"SELECT l.event {query} ORDER BY l.event LIMIT ?"
        return [event for (event,) in self._execute(ordered, (*conditions.values, limit)).fetchall()]

    def _make_due(self, replay: Replay, endpoint: EndpointKey, events: Sequence[int], now: int) -> None:
        for event in events:
            if replay.plan.unrouted:
                self._redeliveries.give(endpoint, event)
            self._redeliveries.again(endpoint, event, now)

    def _end(self, running: _Running, state: ReplayState, now: int) -> None:
        self._execute(_END, (state, now, running.key))


def _pause(replay: Replay, made: int) -> int:
    """How long what was made due takes at the replay's rate, in milliseconds."""
    return -(-made * 1_000 // replay.rate)
