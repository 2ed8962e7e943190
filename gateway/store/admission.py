"""Taking elements in: each becomes an event with its place and its deliveries, once.

Every store decides here; what it knows and keeps is behind the protocols. All calls are synchronous: a
store whose data is elsewhere brings it here first.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from adapters.event import Event, encode, patch, place
from adapters.parts import Status
from gateway.store.derived import conversation_started, with_target
from gateway.store.draft import Draft
from gateway.store.keys import message_key
from gateway.store.people import Conversations, Pages, People
from gateway.store.placement import STARTS_CONVERSATION, names_target, waits_for_message
from gateway.store.records import Admission, Arrival, Emission, Job, Route
from gateway.store.reports import ECHO, STATUS, Reports
from gateway.store.standing import Conversation, Departed, Standing


class Handover(Struct, frozen=True, gc=False):
    """What the dispatcher learns from an admission."""

    jobs: list[Job]
    waiting: list[str]


class Seen(Protocol):
    """The memory of event ids."""

    def knows(self, event_id: str, at: int) -> bool: ...

    def ever_knew(self, event_id: str) -> bool:
        """Whether the id was taken in as long ago as anything is remembered."""
        ...

    def remember(self, event_id: str, event: int | None, at: int) -> None:
        """Know the id from now on, and under which key the event is stored (None: not stored)."""


class Held(Protocol):
    """What waits for its message."""

    def hold(self, arrival: Arrival, page: int, message: int) -> None:
        """Keep an arrival until its message comes, or its time is over."""

    def of_message(self, page: int, message: int) -> Iterable[Arrival]:
        """Take out what waits for this message, in order."""
        ...


class Statuses(Protocol):
    """How far messages and conversations have come."""

    def is_ahead(self, message: int, rank: int, at: int) -> bool:
        """Whether the message was further; if it was not as far, it is now."""
        ...

    def is_passed(self, conversation: Conversation, rank: int, watermark_ms: int) -> bool:
        """Whether everything up to the watermark was further; if it was not as far, it is now."""
        ...


class Events(Protocol):
    """Where events go."""

    def add(
        self, draft: Draft, routes: Sequence[Route], handover: Handover, *, held: bool = False
    ) -> int | None:
        """Store an event with a delivery per route; the message that it makes known.

        `held`: its id is remembered already.
        """


class Parts(Struct, frozen=True, kw_only=True):
    """What a store is made of, as far as taking in is concerned."""

    seen: Seen
    held: Held
    statuses: Statuses
    events: Events
    conversations: Conversations
    people: People
    pages: Pages
    reports: Reports


class Entry(Struct, frozen=True, gc=False):
    """What became of an arrival; the handover is complete when the store has written it."""

    event_id: str
    state: Literal["stored", "duplicate", "held"]
    handover: Handover

    def admission(self) -> Admission:
        """What the caller is told."""
        return Admission(
            event_id=self.event_id,
            state=self.state,
            jobs=tuple(self.handover.jobs),
            waiting=tuple(self.handover.waiting),
        )


class Admissions:
    """Decides; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._seen = parts.seen
        self._held = parts.held
        self._statuses = parts.statuses
        self._events = parts.events
        self._conversations = parts.conversations
        self._people = parts.people
        self._pages = parts.pages
        self._reports = parts.reports

    def admit(self, arrival: Arrival) -> Entry:
        """Take in one element."""
        event, at, handover = arrival.decoded.event, arrival.received_at, Handover([], [])
        if self._seen.knows(event.id, at):
            return Entry(event.id, "duplicate", handover)
        if event.event == ECHO:
            own = self._reports.echoed(arrival, self._page(event))
            if own is not None:
                return self._merge(arrival, own)
        owner_id = arrival.decoded.owner_id
        if owner_id is not None and self._seen.knows(owner_id, at):
            self._seen.remember(event.id, None, at)
            return Entry(event.id, "duplicate", handover)
        if event.event == STATUS:
            report = self._reports.told(arrival, self._page(event))
            self.follow(report.made, handover)
            arrival = report.status
        return self._take_in(arrival, handover)

    def follow(self, arrivals: Sequence[Arrival], handover: Handover) -> None:
        """Take in what follows from something else, each once, as its id says."""
        for arrival in arrivals:
            if not self._seen.knows(arrival.decoded.event.id, arrival.received_at):
                self._take_in(arrival, handover)

    def _merge(self, echo: Arrival, own: Sequence[Arrival]) -> Entry:
        """Our own message come back is no event beside `message.sent`."""
        handover, identifier = Handover([], []), echo.decoded.event.id
        self._seen.remember(identifier, None, echo.received_at)
        self.follow(own, handover)
        return Entry(identifier, "stored" if own else "duplicate", handover)

    def _page(self, event: Event) -> int:
        return self._pages.page(event.platform, event.page_id)

    def ever_took(self, arrival: Arrival) -> bool:
        """Whether this, or what it is a copy of, was taken in at any time: `admit` knows of 8 days."""
        decoded = arrival.decoded
        ids = (decoded.event.id, decoded.owner_id)
        return any(self._seen.ever_knew(one) for one in ids if one is not None)

    def release(self, arrival: Arrival) -> Entry:
        """Take in what has waited for its message long enough."""
        return self._take_in(arrival, Handover([], []), held=True)

    def emit(self, emission: Emission) -> None:
        """Take in an event of the gateway's own. A sample may name a page, and stands on none."""
        event = emission.event
        known = all(self._people.knows(event.platform, one) for one in emission.people)
        if not known or self._seen.knows(event.id, emission.at):
            return
        page = (event.platform, event.page_id) if event.page_id and not event.test else ("", "")
        standing = Standing(self._pages.page(*page))
        body = place(encode(event), emission.placement)
        draft = Draft(event, body, emission.at, (emission.customer_id,), standing)
        routes = [Route(endpoint_id=one, ordered=False) for one in emission.endpoint_ids]
        self._events.add(draft, routes, Handover([], []))

    def _take_in(self, arrival: Arrival, handover: Handover, *, held: bool = False) -> Entry:
        event = arrival.decoded.event
        try:
            standing = self._people.stand(arrival)
        except Departed:
            if not held:
                self._seen.remember(event.id, None, arrival.received_at)
            return Entry(event.id, "duplicate", handover)
        for one in standing.news:
            self._derive(one, arrival, standing, arrival.derived_routes.get(one.event, ()), handover)
        if not held and waits_for_message(arrival.decoded) and self._hold(arrival, standing):
            self._seen.remember(event.id, None, arrival.received_at)
            return Entry(event.id, "held", handover)
        self._write(arrival, standing, handover, held=held)
        return Entry(event.id, "stored", handover)

    def _hold(self, arrival: Arrival, standing: Standing) -> bool:
        """Keep an edit or deletion whose message is not here yet. Whether it was kept."""
        target, conversation = arrival.decoded.target, standing.conversation
        if target is None or conversation is None:
            return False
        message = message_key(standing.page, target)
        if self._conversations.knows(conversation, message):
            return False
        self._held.hold(arrival, standing.page, message)
        return True

    def _write(self, arrival: Arrival, standing: Standing, handover: Handover, *, held: bool) -> None:
        event, conversation = arrival.decoded.event, standing.conversation
        if conversation is not None and not conversation.started and event.event in STARTS_CONVERSATION:
            self._conversations.start(conversation)
            started = conversation_started(event, conversation.id)
            self._derive(started, arrival, standing, arrival.started_routes, handover)
        body, customer_ids = self._body(arrival, standing), arrival.customer_ids
        draft = Draft(event, body, arrival.received_at, customer_ids, standing, arrival.decoded)
        message = self._events.add(draft, arrival.routes, handover, held=held)
        if conversation is not None and (event.outgoing is not None or event.event == STATUS):
            self._reports.placed(arrival, conversation)
        if message is not None:
            for late in self._held.of_message(standing.page, message):
                self._take_in(late, handover, held=True)

    def _body(self, arrival: Arrival, standing: Standing) -> bytes:
        """The adapter's bytes with what only the store can say inside the body object."""
        decoded, body = arrival.decoded, arrival.body
        if decoded.target is not None and names_target(decoded):
            known = standing.conversation is not None and self._conversations.knows(
                standing.conversation, message_key(standing.page, decoded.target)
            )
            body = with_target(decoded.event, body, decoded.target, known)
        if standing.previous_conversation_id is not None and decoded.event.identity is not None:
            change = {"previous_conversation_id": standing.previous_conversation_id}
            body = patch(body, "identity", change)
        status = decoded.event.status
        if status is not None and self._is_stale(status, standing, arrival.received_at):
            return patch(body, "status", {"stale": True})
        return body

    def _is_stale(self, status: Status, standing: Standing, at: int) -> bool:
        """Whether all that a status tells of was further already."""
        conversation = standing.conversation
        if status.rank is None:
            return False
        messages = [message_key(standing.page, one) for one in status.message_ids]
        ahead = [self._statuses.is_ahead(message, status.rank, at) for message in messages]
        passed = (
            status.watermark_ms is not None
            and conversation is not None
            and self._statuses.is_passed(conversation, status.rank, status.watermark_ms)
        )
        return passed or (bool(ahead) and all(ahead))

    def _derive(
        self, event: Event, cause: Arrival, standing: Standing, routes: Sequence[Route], handover: Handover
    ) -> None:
        """Store an event that follows from another one, just before it; once, as its id says."""
        if not self._seen.knows(event.id, cause.received_at):
            draft = Draft(event, encode(event), cause.received_at, cause.customer_ids, standing)
            self._events.add(draft, routes, handover)
