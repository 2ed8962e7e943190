"""What a shard remembers for days: event ids, how far messages have come, what waits for its message."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from gateway.store.base import HELD_MS
from gateway.store.records import Arrival, Route
from gateway.store.redis.records.conversations import Conversations, Talk
from gateway.store.redis.records.view import ABSENT, Cell, View
from gateway.store.standing import Conversation

_Waiting = list[tuple[int, str]]
"""Until when, and the arrival, in order."""
_decoder = msgspec.json.Decoder(_Waiting)
_arrivals = msgspec.json.Decoder(Arrival)


class Seen:
    """Ids of events."""

    def __init__(self, view: View) -> None:
        self._view = view

    def knows(self, event_id: str, at: int) -> bool:
        """Whether the id was taken in during the last 8 days; the commit finds out."""
        return self._view.knows_id(event_id)

    def ever_knew(self, event_id: str) -> bool:
        """Whether the id was taken in as long ago as anything is remembered."""
        return self._view.ever_knew_id(event_id)

    def remember(self, event_id: str, event: int | None, at: int) -> None:
        """Know the id of an event that is not stored."""
        self._view.remember_id(event_id, stored=False)


class Statuses:
    """The highest status of each message, and how far each conversation has come."""

    def __init__(self, view: View, conversations: Conversations) -> None:
        self._view = view
        self._conversations = conversations

    def is_ahead(self, message: int, rank: int, at: int) -> bool:
        """Whether the message was further; if it was not as far, it is now."""
        highest = int(self._view.get(rank_cell(message)) or 0)
        if highest < rank:
            self._view.put(rank_cell(message), str(rank))
        return highest > rank

    def is_passed(self, conversation: Conversation, rank: int, watermark_ms: int) -> bool:
        """Whether everything up to the watermark was further; if it was not as far, it is now."""
        if not isinstance(conversation, Talk):
            return False
        marks = conversation.watermarks
        marks[str(rank)] = max(watermark_ms, marks.get(str(rank), watermark_ms))
        self._conversations.put(conversation)
        return any(int(other) > rank and mark >= watermark_ms for other, mark in marks.items())


class Held:
    """Edits and deletions that came before their message."""

    def __init__(self, view: View) -> None:
        self._view = view

    def hold(self, arrival: Arrival, page: int, message: int) -> None:
        """Keep an arrival until its message comes, or its time is over."""
        unclaimed = replace(arrival, routes=tuple(_unclaimed(route) for route in arrival.routes))
        until = arrival.received_at + HELD_MS
        waiting = self._waiting(held_cell(message))
        self._put(held_cell(message), [*waiting, (until, msgspec.json.encode(unclaimed).decode())])

    def of_message(self, page: int, message: int) -> list[Arrival]:
        """Take out what waits for this message, in order."""
        cell = held_cell(message)
        if self._view.presume_absent(cell) == ABSENT:
            return []
        waiting = self._waiting(cell)
        self._put(cell, [])
        return [_arrivals.decode(arrival) for _, arrival in waiting]

    def due(self, name: str, now: int) -> Iterator[tuple[int, Arrival]]:
        """Take out what waits under a name and has waited long enough; with its moment."""
        waiting = self._waiting(("held", name))
        self._put(("held", name), [one for one in waiting if one[0] > now])
        return ((until, _arrivals.decode(arrival)) for until, arrival in waiting if until <= now)

    def drop(self, name: str, concerns: Callable[[Arrival], bool]) -> None:
        """Forget what waits under a name and concerns somebody."""
        waiting = self._waiting(("held", name))
        kept = [one for one in waiting if not concerns(_arrivals.decode(one[1]))]
        if len(kept) < len(waiting):
            self._put(("held", name), kept)

    def _waiting(self, cell: Cell) -> _Waiting:
        value = self._view.presume_absent(cell)
        return [] if value == ABSENT else _decoder.decode(value)

    def _put(self, cell: Cell, waiting: _Waiting) -> None:
        self._view.put(cell, msgspec.json.encode(waiting).decode() if waiting else ABSENT)
        self._view.change.held += (cell[1], min((until for until, _ in waiting), default=False))


def read_waiting(text: str) -> list[tuple[int, Arrival]]:
    """What waits for a message: until when, and the arrival, in order."""
    return [(until, _arrivals.decode(arrival)) for until, arrival in _decoder.decode(text)]


def rank_cell(message: int) -> Cell:
    """Where the highest status of a message stands."""
    return "rank", message.to_bytes(8, signed=True).hex()


def held_cell(message: int) -> Cell:
    """Where the arrivals stand that wait for a message."""
    return "held", message.to_bytes(8, signed=True).hex()


def _unclaimed(route: Route) -> Route:
    """Later, nobody knows of a free slot."""
    return replace(route, claim=False)
