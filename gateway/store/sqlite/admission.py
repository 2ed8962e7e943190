"""Taking elements in: each becomes an event with its place and its deliveries, once."""

import sqlite3
from collections.abc import Callable, Sequence
from uuid import UUID

from adapters.event import Event, encode, patch
from gateway.store.derived import conversation_started, with_target
from gateway.store.placement import STARTS_CONVERSATION, names_target, waits_for_message
from gateway.store.records import Admission, Arrival, Emission, Route
from gateway.store.sqlite.circles import Circles
from gateway.store.sqlite.contacts import Contacts
from gateway.store.sqlite.conversations import Conversations
from gateway.store.sqlite.events import Draft, Events
from gateway.store.sqlite.held import Held
from gateway.store.sqlite.keys import message_key
from gateway.store.sqlite.people import People, Standing
from gateway.store.sqlite.queue import Handover, Queue
from gateway.store.sqlite.registry import Registry
from gateway.store.sqlite.seen import Seen
from gateway.store.sqlite.statuses import Statuses


class Admissions:
    """Used by the writer only."""

    def __init__(
        self, connection: sqlite3.Connection, registry: Registry, queue: Queue, new_id: Callable[[], UUID]
    ) -> None:
        self._queue = queue
        self._seen = Seen(connection)
        self.contacts = Contacts(connection, new_id)
        self.circles = Circles(connection)
        self.conversations = Conversations(connection)
        self.people = People(self.contacts, self.conversations, registry)
        self._registry = registry
        self._events = Events(connection, self._seen, self.conversations, registry)
        self._held = Held(connection)
        self._statuses = Statuses(connection)

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

    def accept(self, arrivals: Sequence[Arrival]) -> list[Admission]:
        """Take in one request's elements."""
        return [self._admit(arrival) for arrival in arrivals]

    def ever_took(self, arrival: Arrival) -> bool:
        """Whether this, or what it is a copy of, was taken in at any time: `accept` knows of 8 days."""
        decoded = arrival.decoded
        ids = (decoded.event.id, decoded.owner_id)
        return any(self._seen.ever_knew(one) for one in ids if one is not None)

    def release_held(self, now: int) -> list[Admission]:
        """Take in what has waited for its message long enough."""
        return [self._take_in(arrival, Handover([], []), held=True) for arrival in self._held.due(now)]

    def emit(self, emission: Emission) -> None:
        """Take in an event of the gateway's own."""
        event = emission.event
        if self._seen.knows(event.id, emission.at):
            return
        standing = Standing(self._registry.page(event.platform, event.page_id))
        draft = Draft(event, encode(event), emission.at, (emission.customer_id,), standing)
        routes = [Route(endpoint_id=one, ordered=False) for one in emission.endpoint_ids]
        self._queue.add(self._events.write(draft), routes, Handover([], []))

    def _admit(self, arrival: Arrival) -> Admission:
        event, at = arrival.decoded.event, arrival.received_at
        if self._seen.knows(event.id, at):
            return Admission(event_id=event.id, state="duplicate")
        owner_id = arrival.decoded.owner_id
        if owner_id is not None and self._seen.knows(owner_id, at):
            self._seen.remember(event.id, None, at)
            return Admission(event_id=event.id, state="duplicate")
        return self._take_in(arrival, Handover([], []))

    def _take_in(self, arrival: Arrival, handover: Handover, *, held: bool = False) -> Admission:
        standing = self.people.stand(arrival)
        for event in standing.news:
            self._derive(event, arrival, standing, arrival.derived_routes.get(event.event, ()), handover)
        if self.circles.learn(arrival.decoded, standing):
            self.contacts.forget()
        event = arrival.decoded.event
        if not held and self._hold(arrival, standing):
            self._seen.remember(event.id, None, arrival.received_at)
            return Admission(event_id=event.id, state="held", waiting=tuple(handover.waiting))
        self._write(arrival, standing, handover, held=held)
        return Admission(
            event_id=event.id, state="stored", jobs=tuple(handover.jobs), waiting=tuple(handover.waiting)
        )

    def _hold(self, arrival: Arrival, standing: Standing) -> bool:
        """Keep an edit or deletion whose message is not here yet. Whether it was kept."""
        target, conversation = arrival.decoded.target, standing.conversation
        if target is None or conversation is None or not waits_for_message(arrival.decoded):
            return False
        message = message_key(standing.page, target)
        if self.conversations.knows(conversation, message):
            return False
        self._held.hold(arrival, standing.page, message)
        return True

    def _write(self, arrival: Arrival, standing: Standing, handover: Handover, *, held: bool) -> None:
        event, conversation = arrival.decoded.event, standing.conversation
        if conversation is not None and not conversation.started and event.event in STARTS_CONVERSATION:
            self.conversations.start(conversation)
            started = conversation_started(event, conversation.id)
            self._derive(started, arrival, standing, arrival.started_routes, handover)
        written = self._events.write(
            Draft(
                event,
                self._body(arrival, standing),
                arrival.received_at,
                arrival.customer_ids,
                standing,
                arrival.decoded,
            ),
            held=held,
        )
        self._queue.add(written, arrival.routes, handover)
        if written.message is not None:
            for late in self._held.of_message(standing.page, written.message):
                self._take_in(late, handover, held=True)

    def _body(self, arrival: Arrival, standing: Standing) -> bytes:
        """The adapter's bytes with what only the store can say inside the body object."""
        decoded, body = arrival.decoded, arrival.body
        if decoded.target is not None and names_target(decoded):
            known = standing.conversation is not None and self.conversations.knows(
                standing.conversation, message_key(standing.page, decoded.target)
            )
            body = with_target(decoded.event, body, decoded.target, known)
        if standing.previous_conversation_id is not None and decoded.event.identity is not None:
            change = {"previous_conversation_id": standing.previous_conversation_id}
            body = patch(body, "identity", change)
        return self._statuses.marked(decoded.event, body, standing, arrival.received_at)

    def _derive(
        self, event: Event, cause: Arrival, standing: Standing, routes: Sequence[Route], handover: Handover
    ) -> None:
        """Store an event that follows from another one, just before it; once, as its id says."""
        if not self._seen.knows(event.id, cause.received_at):
            draft = Draft(event, encode(event), cause.received_at, cause.customer_ids, standing)
            self._queue.add(self._events.write(draft), routes, handover)
