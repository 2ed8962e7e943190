"""Echoes and statuses that are about our own messages: they move the message, in the same change."""

from collections.abc import Iterator

from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.event import Event
from adapters.parts import Status
from adapters.sending import SendError, tag_of_part
from gateway.store.foretold import Foretold
from gateway.store.outcome_events import Occasion, arrivals, tied
from gateway.store.outgoing import Message, Part
from gateway.store.outgoing_rows import Row, Rows
from gateway.store.progress import RANKS, Move, refused, reported, taken
from gateway.store.records import Arrival
from gateway.store.reports import Report
from gateway.store.standing import Conversation

PREFIX = "msg_"
"""What our tags begin with."""
SKEW_MS = 5_000
"""How far apart the clocks of the platform and of the gateway may be."""
_UNEXPLAINED = SendError(code="unknown", retryable=False, title="The platform does not say why")


class Reconciliation:
    """Used inside of one change of the store."""

    def __init__(self, rows: Rows) -> None:
        self._foretold = Foretold(rows)
        self._rows = rows

    def echoed(self, arrival: Arrival, page: int) -> list[Arrival] | None:
        """The events that an echo of our own stands for, perhaps none; None: it is somebody else's."""
        said = arrival.decoded.event.message
        if said is None or said.metadata is None:
            return None
        found = self._tagged(said.metadata, page)
        if found is None:
            return None
        (row, part), at = found, arrival.received_at
        told = taken(said.id, arrival.decoded.event.timestamp_ms)
        move = reported(row.message, row.progress, part, told, at)
        move = replace(move, progress=self._foretold.fulfilled(row, move.progress, at))
        return [_in_place_of(arrival, made, row.message) for made in self._moved(row, move, arrival)]

    def told(self, arrival: Arrival, page: int) -> Report:
        """What a status says of our own messages, and to whom."""
        event, status = arrival.decoded.event, arrival.decoded.event.status
        if status is None:
            return Report(arrival)
        made: list[Arrival] = []
        owners: set[str] = set()
        for row, part, message_id in self._concerned(status, page):
            owners.add(self._owner(row, arrival))
            move = _told(row, part, message_id, event, arrival.received_at)
            made += self._moved(row, move, arrival)
        person = arrival.decoded.person
        made = [replace(one, decoded=replace(one.decoded, person=person)) for one in made]
        return Report(_only_for(owners, arrival), made)

    def placed(self, arrival: Arrival, conversation: Conversation) -> None:
        """A message of ours has its conversation now; a watermark is about all that was sent in it."""
        event = arrival.decoded.event
        if event.outgoing is not None:
            self._rows.place(event.outgoing.id, conversation)
            self._catch_up(self._rows.of_id(event.outgoing.id), arrival.received_at)
        elif event.status is not None and event.status.watermark_ms is not None:
            for row in self._rows.unread(conversation, event.status.watermark_ms + SKEW_MS):
                self._catch_up(row, arrival.received_at)

    def _catch_up(self, row: Row | None, at: int) -> None:
        """The conversation's watermarks are about the message too, if it was taken before them."""
        if row is not None:
            self._rows.save(row, self._foretold.fulfilled(row, row.progress, at))

    def _concerned(self, status: Status, page: int) -> Iterator[tuple[Row, int, str | None]]:
        tagged = None if status.tag is None else self._tagged(status.tag, page)
        if tagged is not None:
            yield (*tagged, next(iter(status.message_ids), None))
        else:
            for message_id in status.message_ids:
                found = self._rows.of_platform_id(page, message_id)
                if found is not None:
                    yield (*found, message_id)

    def _moved(self, row: Row, move: Move, arrival: Arrival) -> list[Arrival]:
        at = arrival.received_at
        self._rows.save(row, move.progress)
        if move.progress.stage == "done":
            self._rows.let_next(row, at)
        if move.event is None:
            return []
        owner = self._owner(row, arrival)
        routes = arrival.derived_routes if owner in arrival.customer_ids else {}
        message = replace(row.message, customer_id=owner)
        return list(arrivals(message, move.progress, move.event, Occasion(at=at, routes=routes)))

    def _owner(self, row: Row, arrival: Arrival) -> str:
        """Whose the message is. The page may be another customer's since it was sent."""
        sender = row.message.customer_id
        return sender if sender in arrival.customer_ids else self._rows.owner_of(row)

    def _tagged(self, tag: str, page: int) -> tuple[Row, int] | None:
        """By our tag. Another page's tag says nothing about this one: it may have been copied."""
        identifier, part = tag_of_part(tag)
        row = self._rows.of_id(identifier) if identifier.startswith(PREFIX) else None
        if row is None or row.page != page or part >= len(row.progress.parts):
            return None
        return row, part


def _only_for(owners: set[str], status: Arrival) -> Arrival:
    """The status for those whose messages it is about.

    Whoever has the page now is told nothing of what the former owner has sent. That one finds it among its
    events; its endpoints are not known here.
    """
    if not owners or owners & set(status.customer_ids):
        return status
    return replace(status, customer_ids=tuple(sorted(owners)), routes=(), started_routes=())


def _told(row: Row, part: int, message_id: str | None, event: Event, at: int) -> Move:
    status = event.status
    if status is None or (status.state not in RANKS and status.state != "failed"):
        return Move(row.progress)
    if status.state == "failed":
        said = status.error
        error = _UNEXPLAINED if said is None else ADAPTERS[event.platform].failure(said)
        return refused(row.progress, error, at)
    told = Part(message_id=message_id, rank=RANKS[status.state])
    return reported(row.message, row.progress, part, told, at)


def _in_place_of(echo: Arrival, made: Arrival, message: Message) -> Arrival:
    """The event is about whom the echo is about.

    It does not keep the echo's bytes: decoded again they would be an echo, and no longer ours.
    """
    person = echo.decoded.person
    whom = None if person is None else tied(person, message)
    decoded = replace(made.decoded, person=whom, thread=echo.decoded.thread)
    return replace(made, decoded=decoded)
