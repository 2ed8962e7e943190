"""Taking elements into the file: the store's decisions, over the tables."""

import sqlite3
from collections.abc import Sequence

from gateway.store import admission
from gateway.store.admission import Handover, Parts
from gateway.store.draft import Draft
from gateway.store.reconciliation import Reconciliation
from gateway.store.records import Admission, Arrival, Emission, Route
from gateway.store.sqlite.intake.circles import Circles
from gateway.store.sqlite.intake.events import Events
from gateway.store.sqlite.intake.queue import Queue
from gateway.store.sqlite.layout.registry import Registry
from gateway.store.sqlite.records.contacts import Contacts
from gateway.store.sqlite.records.conversations import Conversations
from gateway.store.sqlite.records.held import Held
from gateway.store.sqlite.records.outgoing_rows import OutboxRows
from gateway.store.sqlite.records.seen import Seen
from gateway.store.sqlite.records.statuses import Statuses


class Admissions:
    """Used by the writer only."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        registry: Registry,
        queue: Queue,
        outgoing: OutboxRows,
        contacts: Contacts,
    ) -> None:
        self._queue = queue
        self._seen = Seen(connection)
        self.contacts = contacts
        self.conversations = Conversations(connection)
        self.people = Circles(connection, self.contacts, self.conversations, registry)
        self._events = Events(connection, self._seen, self.conversations, registry)
        self._held = Held(connection)
        self._outgoing = outgoing
        parts = Parts(
            seen=self._seen,
            held=self._held,
            statuses=Statuses(connection),
            events=self,
            conversations=self.conversations,
            people=self.people,
            pages=registry,
            reports=Reconciliation(outgoing),
        )
        self._decisions = admission.Admissions(parts)

    def flush(self) -> None:
        """Write what was held back, so that many rows go in one statement."""
        self._seen.flush()
        self.conversations.flush()
        self._events.flush()
        self._queue.flush()

    def forget(self) -> None:
        """Drop what was held back, read everything anew."""
        self._seen.forget()
        self.contacts.forget()
        self.conversations.forget()
        self._events.forget()
        self._queue.forget()
        self._held.forget()
        self._outgoing.forget()

    def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        """Take in one request's elements."""
        return [self._decisions.admit(arrival).admission() for arrival in arrivals]

    def ever_took(self, arrival: Arrival) -> bool:
        """Whether this, or what it is a copy of, was taken in at any time: `accept` knows of 8 days."""
        return self._decisions.ever_took(arrival)

    def release_held(self, now: int) -> list[Admission]:
        """Take in what has waited for its message long enough."""
        return [self._decisions.release(arrival).admission() for arrival in self._held.due(now)]

    def emit(self, emission: Emission) -> None:
        """Take in an event of the gateway's own."""
        self._decisions.emit(emission)

    def follow(self, arrivals: Sequence[Arrival], handover: Handover) -> None:
        """Take in what follows from something else, each once, as its id says."""
        self._decisions.follow(arrivals, handover)

    def add(
        self, draft: Draft, routes: Sequence[Route], handover: Handover, *, held: bool = False
    ) -> int | None:
        """Write an event and queue its deliveries; the message that it makes known."""
        written = self._events.write(draft, held=held)
        self._queue.add(written, routes, handover)
        return written.message
