"""Events on their way into a shard, and what the dispatcher is told of them when they are there."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from gateway.store.admission import Handover
from gateway.store.draft import Draft, advance, placed
from gateway.store.identifiers import delivery_id
from gateway.store.keys import remembered_as
from gateway.store.placement import is_numbered
from gateway.store.records import Job, Route
from gateway.store.redis.layout import blobs
from gateway.store.redis.layout.blobs import Head, StoredBody
from gateway.store.redis.layout.form import read_form
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.records.conversations import Conversations, Talk
from gateway.store.redis.records.view import View

_WAITING = 2
"""What the commit script says of a route; a word is the form of one that is claimed."""
_NOWHERE = Pages().page("", "")
NOBODY = ""
"""The customer of an event whose page nobody has connected."""


class Pending(Struct, frozen=True, gc=False):
    """An event that is decided, and not yet committed."""

    draft: Draft
    body: bytes
    conversation_id: str
    routes: Sequence[Route]
    handover: Handover

    def packed(self) -> tuple[Any, ...]:
        """As the commit script takes it."""
        draft, event = self.draft, self.draft.event
        routes: list[Any] = []
        for one in self.routes:
            routes += (one.endpoint_id, one.ordered, one.claim, one.replay)
        numbered = self.conversation_id != "" and is_numbered(event.event)
        content = self._content()
        has_element = content.envelope is not None
        head = Head(draft.customer_ids, self.conversation_id, numbered, has_element=has_element)
        return (
            draft.received_at,
            self._about(),
            draft.customer_ids or (NOBODY,),
            self.conversation_id,
            numbered,
            remembered_as(event.id),
            blobs.as_text(blobs.packed(head, content)),
            routes,
        )

    def hand_over(self, shard: int, told: Iterator[Any]) -> None:
        """Tell what became of its deliveries: next come the event's key and an outcome for each route."""
        key = next(told)
        for route in self.routes:
            outcome = next(told)
            if outcome == _WAITING:
                self.handover.waiting.append(route.endpoint_id)
            elif isinstance(outcome, str):
                self.handover.jobs.append(self._job(route, outcome, (int(key), shard)))

    def _about(self) -> str:
        """What lists say of it: a sample may name a page, and stands on none."""
        event = self.draft.event
        if self.draft.standing.page == _NOWHERE:
            return f"{self.draft.name()}  "
        return f"{self.draft.name()} {event.platform} {event.page_id}"

    def _content(self) -> StoredBody:
        draft, origin = self.draft, self.draft.origin
        if origin is None or not origin.element[1]:
            # What the gateway itself has to say was not decoded from anything.
            return StoredBody(draft.event.id, draft.received_at, self.body)
        start, end = origin.element
        envelope = origin.envelope or None
        return StoredBody(draft.event.id, draft.received_at, self.body, envelope, start, end)

    def _job(self, route: Route, form: str, place: tuple[int, int]) -> Job:
        event = self.draft.event
        format, include_raw = read_form(form)
        return Job(
            delivery_id=delivery_id(event.id, route.endpoint_id),
            endpoint_id=route.endpoint_id,
            event_id=event.id,
            webhook_id=event.id,
            body=self.body,
            claim=1,
            attempts=0,
            created_at=self.draft.received_at,
            conversation_id=self.conversation_id or None,
            replay=route.replay,
            format=format,
            include_raw=include_raw,
            place=place,
        )


class Entries:
    """Takes events for one decision at a time."""

    def __init__(self, view: View, conversations: Conversations) -> None:
        self._view = view
        self._conversations = conversations

    def add(
        self, draft: Draft, routes: Sequence[Route], handover: Handover, *, held: bool = False
    ) -> int | None:
        """Store an event with a delivery per route; the message that it makes known."""
        conversation, message = draft.standing.conversation, None
        if isinstance(conversation, Talk):
            message = advance(draft, conversation)
            self._conversations.advanced(conversation, message)
        if not held:
            self._view.remember_id(draft.event.id, stored=True)
        conversation_id = "" if conversation is None else conversation.id
        pending = Pending(draft, placed(draft), conversation_id, routes, handover)
        self._view.change.events.append(pending)
        return message
