"""What was finished, or waits for its schedule, becomes due anew; what lost its endpoint goes."""

# ruff: noqa: S608 (only constants of this package are written into SQL)

import sqlite3

from gateway.store.errors import ContentRemoved
from gateway.store.keys import remembered_as
from gateway.store.placement import is_numbered
from gateway.store.sqlite.layout.lines import BEHIND, LEASED, TRIED, UNTRIED, Lines
from gateway.store.sqlite.layout.registry import NOBODY, EndpointKey, Registry
from gateway.store.sqlite.records.seen import KEY_OF_EVENT
from gateway.store.sqlite.upkeep.emptying import NOTE_LATE
from gateway.store.sqlite.upkeep.sweeps import Sweeps

STEP = 500
"""So many rows per transaction: a longer one would hold up the hot path."""
_EVENT = "SELECT conversation, name, page FROM events WHERE key = ?"
_GONE = "SELECT 1 FROM emptying WHERE event = ? AND gone"
_LISTED = "SELECT 1 FROM listings WHERE customer = ? AND event = ?"
_UNLIST = "DELETE FROM listings WHERE customer = ? AND event = ?"
_LIST = "INSERT INTO listings (customer, event, name, page) VALUES (?, ?, ?, ?)"
_OWN = "UPDATE events SET customers = ? WHERE key = ?"
_OPEN = "SELECT stage FROM open_deliveries WHERE event = ? AND endpoint = ?"
_RESTART = f"""
    UPDATE open_deliveries SET stage = {UNTRIED}, due_at = ?, tried = 0, first_failed_at = NULL, replay = 1,
        format = ?, include_raw = ?
    WHERE event = ? AND endpoint = ?
"""
# The outcome of the attempt under way comes late by then, and the next one does not begin before the lease
# of this one has ended: two revisions of an event are never under way to one endpoint at once.
_FENCE = f"""
    UPDATE open_deliveries SET stage = {UNTRIED}, claim = claim + 1, tried = 0, first_failed_at = NULL,
        replay = 1, format = ?, include_raw = ?
    WHERE event = ? AND endpoint = ?
"""
_FINISHED = "SELECT claim, created_at FROM finished_deliveries WHERE event = ? AND endpoint = ?"
_REMOVE_FINISHED = "DELETE FROM finished_deliveries WHERE event = ? AND endpoint = ?"
_REOPEN = (
    "INSERT INTO open_deliveries"
    " (event, endpoint, line, stage, due_at, claim, tried, replay, created_at, format, include_raw)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, 1, ?, ?, ?)"
)
_FAILED_SINCE = f"""
    SELECT event, endpoint FROM open_deliveries AS d WHERE endpoint = ?1 AND stage = {TRIED} AND due_at > ?2
    AND EXISTS (SELECT 1 FROM attempts WHERE event = d.event AND endpoint = d.endpoint AND at >= ?3)
    LIMIT {STEP}
"""
_DUE = "UPDATE open_deliveries SET due_at = ? WHERE event = ? AND endpoint = ?"
_ORPHANS = f"""
    SELECT event, endpoint FROM open_deliveries
    WHERE endpoint = (SELECT key FROM endpoints WHERE id = ? AND record IS NULL) LIMIT {STEP}
"""
_DELETE = "DELETE FROM open_deliveries WHERE event = ? AND endpoint = ?"


class Redeliveries:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, registry: Registry, lines: Lines, sweeps: Sweeps
    ) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._registry = registry
        self._lines = lines
        self._sweeps = sweeps

    def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        """Whether the customer has the event and the endpoint, and something can be sent there.

        Raises ContentRemoved.
        """
        endpoint = self._registry.endpoint(endpoint_id)
        found = self._execute(KEY_OF_EVENT, (remembered_as(event_id),)).fetchone()
        if endpoint is None or endpoint.pulls or found is None:
            return False
        if customer_id not in (None, endpoint.customer_id):
            return False
        event = int(found[0])
        if not self._may_have(endpoint, event, operator=customer_id is None):
            return False
        if self._execute(_GONE, (event,)).fetchone() is not None:
            raise ContentRemoved(event_id)
        self.again(endpoint, event, now)
        return True

    def again(self, endpoint: EndpointKey, event: int, now: int) -> None:
        """Make the delivery due from the start of the schedule, unless it is on its way."""
        stage = self._execute(_OPEN, (event, endpoint.key)).fetchone()
        if stage is None:
            self._reopen(event, endpoint, now)
        elif stage[0] not in (LEASED, BEHIND):
            # What is being tried has its outcome soon, what is behind another comes in its turn.
            self._restart(endpoint, event, now)

    def renew(self, endpoint: EndpointKey, event: int, now: int) -> None:
        """The event has another content: whatever the endpoint has had of it, it gets this one too.

        What was not tried yet simply takes it, when its turn comes.
        """
        stage = self._execute(_OPEN, (event, endpoint.key)).fetchone()
        if stage is None:
            self._reopen(event, endpoint, now)
        elif stage[0] == TRIED:
            self._restart(endpoint, event, now)
        elif stage[0] == LEASED:
            self._execute(_FENCE, (endpoint.format, endpoint.include_raw, event, endpoint.key))

    def _restart(self, endpoint: EndpointKey, event: int, now: int) -> None:
        form = (endpoint.format, endpoint.include_raw)
        self._execute(_RESTART, (now, *form, event, endpoint.key))

    def give(self, endpoint: EndpointKey, event: int) -> None:
        """What nobody had belongs to the endpoint's customer."""
        _, name, page = self._execute(_EVENT, (event,)).fetchone()
        self._execute(_UNLIST, (NOBODY, event))
        self._execute(_LIST, (endpoint.customer, event, name, page))
        self._execute(_OWN, (endpoint.customer_id, event))
        self._execute(NOTE_LATE, (event, endpoint.customer))

    def recover(self, endpoint_id: str, since: int, now: int) -> bool:
        """Make due at `now` what failed at `since` or later. Whether there may be more: call again."""
        endpoint = self._registry.endpoint(endpoint_id)
        if endpoint is None:
            return False
        failed = self._execute(_FAILED_SINCE, (endpoint.key, now, since)).fetchall()
        self._connection.executemany(_DUE, [(now, *place) for place in failed])
        return len(failed) == STEP

    def drop_open(self, endpoint_id: str) -> bool:
        """Delete open deliveries of a deleted endpoint. Whether there may be more: call again."""
        orphans = self._execute(_ORPHANS, (endpoint_id,)).fetchall()
        self._connection.executemany(_DELETE, orphans)
        self._sweeps.ended(event for event, _ in orphans)
        return len(orphans) == STEP

    def _may_have(self, endpoint: EndpointKey, event: int, *, operator: bool) -> bool:
        """The endpoint's customer has the event; or nobody has it yet, and the operator gives it to them."""
        if self._execute(_LISTED, (endpoint.customer, event)).fetchone() is not None:
            return True
        if not operator or self._execute(_LISTED, (NOBODY, event)).fetchone() is None:
            return False
        self.give(endpoint, event)
        return True

    def _reopen(self, event: int, endpoint: EndpointKey, now: int) -> None:
        """Put it into its place in the line: behind what is earlier, before what is later."""
        place = (event, endpoint.key)
        conversation, name, _ = self._execute(_EVENT, (event,)).fetchone()
        line = conversation if endpoint.ordered and is_numbered(name) else None
        claim, created_at = self._execute(_FINISHED, place).fetchone() or (0, now)
        waits = line is not None and self._lines.busy_before(endpoint.key, line, event)
        stage, due_at = (BEHIND, None) if waits else (UNTRIED, now)
        self._execute(_REMOVE_FINISHED, place)
        form = (endpoint.format, endpoint.include_raw)
        self._execute(_REOPEN, (*place, line, stage, due_at, claim, created_at, *form))
