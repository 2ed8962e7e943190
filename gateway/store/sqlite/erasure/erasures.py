"""Erasing people, step by step. What is deleted is overwritten (`secure_delete`), in the log as well.

0  begin     the person becomes unknown: identities, profile, consents, conversations go at once
1  events    every event and its deliveries, found by reading the log once
2  rest      what is held, quarantined, answered under a key; the places in conversations
3  scrub     the write-ahead log, which still has pages from before, is emptied
"""

import sqlite3
from collections.abc import Callable

import msgspec

from adapters.base import Identity
from gateway.clock import Clock
from gateway.store.erasure import Concerned, Erasure, ErasurePlan, ErasureStep
from gateway.store.sqlite.erasure.erasing import Eraser
from gateway.store.sqlite.erasure.trail import Traces, Trail, contacts_of, find, lay

EVENTS, REST, SCRUB = range(1, 4)
_SHOWN = "SELECT id, code, state, requested_at, finished_at, erased FROM erasures"
_BEGIN = "INSERT INTO erasures (id, code, state, requested_at, stage, plan) VALUES (?, ?, ?, ?, ?, ?)"
_RUNNING = "SELECT id, stage, position, plan FROM erasures WHERE state = 'running' ORDER BY key LIMIT 1"
_STANDS = "SELECT 1 FROM erasures WHERE id = ? AND state = 'running' AND stage = ? AND position = ?"
_MOVE = "UPDATE erasures SET stage = ?, position = ?, erased = erased + ? WHERE id = ?"
_TO_SCRUB = "UPDATE erasures SET stage = 3, plan = ? WHERE id = ?"
_RESIDUE = "SELECT plan FROM erasures WHERE id = ? AND state = 'running' AND stage = 3"
_DONE = "UPDATE erasures SET state = 'done', finished_at = ?, plan = NULL WHERE id = ?"
_WAIT = "UPDATE erasures SET state = 'parked', plan = ? WHERE id = ?"
_PARKED = "SELECT id, plan FROM erasures WHERE state = 'parked'"
_PARK = "UPDATE erasures SET plan = ? WHERE id = ?"
_RUN = "UPDATE erasures SET state = 'running', stage = ?, position = 0, plan = ? WHERE id = ?"


class Current(msgspec.Struct, frozen=True):
    """The running erasure, and where it is."""

    id: str
    stage: int
    position: int
    trail: Trail


class Residue(msgspec.Struct, frozen=True):
    """What is still needed once nothing of the person is: whom to tell."""

    platform: str
    concerned: tuple[Concerned, ...]
    left: ErasurePlan | None = None
    """What is to be done when the platform has answered."""


class Erasures:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, eraser: Eraser, forget: Callable[[], None], clock: Clock
    ) -> None:
        """`forget` drops what the writer remembers of people."""
        self._connection = connection
        self._execute = connection.cursor().execute
        self._eraser = eraser
        self._forget = forget
        self._clock = clock

    def begin(self, erasure: Erasure, plan: ErasurePlan) -> Erasure:
        """Keep the request; whoever it leads to is unknown from now on. The same code is the same one."""
        earlier = read_erasure(self._connection, "code", erasure.code)
        if earlier is not None:
            return earlier
        contacts = contacts_of(self._connection, plan)
        waits = plan.of_app and not contacts
        state = "parked" if waits else "running"
        record = msgspec.json.encode(plan if waits else self._take(plan, contacts))
        place = (erasure.id, erasure.code, state, erasure.requested_at, EVENTS, record)
        self._execute(_BEGIN, place)
        return msgspec.structs.replace(erasure, state=state)

    def resolve(self, platform: str, identity: Identity, others: tuple[Identity, ...] | None) -> None:
        """What is parked under an id runs now, if it leads to anybody."""
        for identifier, plan in read_parked(self._connection):
            if plan.means(platform, identity):
                self._resolve(identifier, plan if others is None else plan.answered(others))

    def _resolve(self, identifier: str, plan: ErasurePlan) -> None:
        contacts = contacts_of(self._connection, plan)
        if plan.searched if plan.begun else contacts:
            trail = self._take(plan, contacts)
            self._execute(_RUN, (EVENTS, msgspec.json.encode(trail), identifier))
        else:
            self._execute(_PARK, (msgspec.json.encode(plan), identifier))

    def erase(self, current: Current, traces: Traces) -> None:
        """Delete what was found; at the end of the log go on with the rest."""
        if not self._stands(current):
            return
        self._eraser.events(traces.events)
        stage = EVENTS if traces.more else REST
        self._execute(_MOVE, (stage, traces.position if traces.more else 0, len(traces.events), current.id))
        self._forget()

    def finish_rest(self, current: Current, limit: int) -> None:
        """One stretch of what is not an event; then only the whereabouts of the news are kept."""
        if not self._stands(current) or self._eraser.rest(current.trail, limit):
            return
        trail = current.trail
        residue = Residue(trail.plan.platform, trail.concerned, trail.plan.left)
        self._execute(_TO_SCRUB, (msgspec.json.encode(residue), current.id))

    def end(self, erasure_id: str, now: int) -> Erasure | None:
        """It is over, or waits for the platform. None: it was so already."""
        row = self._execute(_RESIDUE, (erasure_id,)).fetchone()
        if row is None:
            return None
        left = msgspec.json.decode(row[0], type=Residue).left
        if left is None:
            self._execute(_DONE, (now, erasure_id))
        else:
            self._execute(_WAIT, (msgspec.json.encode(left), erasure_id))
        return read_erasure(self._connection, "id", erasure_id)

    def _stands(self, current: Current) -> bool:
        """Whether it is still where the step was planned."""
        place = (current.id, current.stage, current.position)
        return self._execute(_STANDS, place).fetchone() is not None

    def _take(self, plan: ErasurePlan, contacts: tuple[int, ...]) -> Trail:
        trail = lay(self._connection, plan, contacts)
        self._eraser.person(trail, self._clock())
        self._forget()
        return trail


def read_parked(connection: sqlite3.Connection) -> list[tuple[str, ErasurePlan]]:
    """Erasure and plan of what waits."""
    rows = connection.execute(_PARKED).fetchall()
    return [(row[0], msgspec.json.decode(row[1], type=ErasurePlan)) for row in rows]


def read_running(connection: sqlite3.Connection) -> tuple[str, int, int, bytes] | None:
    """Id, stage, position and plan of the oldest running erasure."""
    row: tuple[str, int, int, bytes] | None = connection.execute(_RUNNING).fetchone()
    return row


def current(row: tuple[str, int, int, bytes]) -> Current:
    """The same, read."""
    return Current(row[0], row[1], row[2], msgspec.json.decode(row[3], type=Trail))


def last_step(connection: sqlite3.Connection, row: tuple[str, int, int, bytes]) -> ErasureStep | None:
    """Nothing is left: whom to tell. None: they have been told."""
    erasure = read_erasure(connection, "id", row[0])
    if erasure is None or erasure.state != "running":
        return None
    residue = msgspec.json.decode(row[3], type=Residue)
    return ErasureStep(
        erasure=erasure,
        done=True,
        platform=residue.platform,
        concerned=residue.concerned,
    )


def find_traces(connection: sqlite3.Connection, trail: Trail, position: int, limit: int) -> Traces:
    """Read on until something is found, or the end: what finds nothing needs no write.

    At most `limit` events are found at once.
    """
    while True:
        traces = find(connection, trail, position)
        if len(traces.events) > limit:
            kept = traces.events[:limit]
            return Traces(kept, kept[-1], more=True)
        if traces.events or not traces.more:
            return traces
        position = traces.position


def read_erasure(connection: sqlite3.Connection, column: str, value: str) -> Erasure | None:
    """By `id` or by `code`."""
    row = connection.execute(f"{_SHOWN} WHERE {column} = ?", (value,)).fetchone()
    return None if row is None else _erasure(row)


def _erasure(row: tuple[str, str, str, int, int | None, int]) -> Erasure:
    identifier, code, state, requested_at, finished_at, erased = row
    return msgspec.convert(
        {
            "id": identifier,
            "code": code,
            "state": state,
            "requested_at": requested_at,
            "finished_at": finished_at,
            "erased": erased,
        },
        Erasure,
    )
