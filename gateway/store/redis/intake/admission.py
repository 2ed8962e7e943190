"""Taking elements into their shards: the store's decisions, over records in Redis."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

from gateway.store.admission import Admissions, Entry, Parts
from gateway.store.departed import Fingerprints
from gateway.store.reconciliation import Reconciliation
from gateway.store.records import Admission, Arrival, Emission
from gateway.store.redis.intake.acquaintances import Acquaintances
from gateway.store.redis.intake.circles import Circles
from gateway.store.redis.intake.deciding import Deciding, Decision
from gateway.store.redis.intake.entries import Entries
from gateway.store.redis.intake.needs import needs_of
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.pages import Pages
from gateway.store.redis.layout.shards import Shards, scope_of
from gateway.store.redis.records.contact_row import index_entries
from gateway.store.redis.records.contacts import Contacts
from gateway.store.redis.records.conversations import Conversations, listed
from gateway.store.redis.records.memory import Held, Seen, Statuses
from gateway.store.redis.records.outgoing_record import places
from gateway.store.redis.records.outgoing_rows import OutgoingRows
from gateway.store.redis.records.view import Cell, View

_HELD = shard_script("intake/held")
INDEXED = {"contacts": index_entries, "outgoing": places, "parties": listed}
"""Records that sorted sets lead to."""
_ALL = -1
_STEP = 100
"""So many messages' held arrivals are let go at once."""


Made = tuple[Keys, Callable[[], UUID], Fingerprints]
"""What makes keys, ids of contacts, and the hashes of who was erased."""


class ShardAdmissions:
    """Takes in what belongs to one shard."""

    def __init__(self, shards: Shards, shard: int, made: Made) -> None:
        keys, new_id, fingerprints = made
        self.view = view = View(new_id, INDEXED)
        pages = Pages()
        self.contacts = contacts = Contacts(view, keys, fingerprints)
        self.conversations = conversations = Conversations(view, keys, contacts)
        self._acquaintances = Acquaintances(view)
        self.people = Circles(view, contacts, conversations, self._acquaintances)
        self.outgoing = OutgoingRows(view, keys, contacts)
        self._shards = shards
        self._shard = shard
        self._held = Held(view)
        parts = Parts(
            seen=Seen(view),
            held=self._held,
            statuses=Statuses(view, conversations),
            events=Entries(view, conversations),
            conversations=conversations,
            people=self.people,
            pages=pages,
            reports=Reconciliation(self.outgoing),
        )
        self.decisions = Admissions(parts)
        self.deciding = Deciding(shards, shard, view)
        self.close = self.deciding.close

    def accept(self, arrivals: Sequence[Arrival]) -> Awaitable[list[Entry]]:
        """Take in some elements of one request, all or none."""
        needs: list[Cell] = []
        for arrival in arrivals:
            needs += needs_of(arrival, self._acquaintances)
        return self.deciding.decide(Decision(partial(self._admit, arrivals), arrivals[0].received_at, needs))

    def _admit(self, arrivals: Sequence[Arrival]) -> list[Entry]:
        return list(map(self.decisions.admit, arrivals))

    async def emit(self, emission: Emission) -> None:
        """Take in an event of the gateway's own."""
        await self.deciding.decide(Decision(lambda: self.decisions.emit(emission), emission.at))

    async def release_held(self, now: int) -> list[Entry]:
        """Take in what has waited for its message long enough."""
        released: list[Entry] = []
        while names := [name.decode() for name in await self._shards.run(self._shard, _HELD, now, _STEP)]:
            released += await self._release(names, now)
        return released

    async def _release(self, names: Sequence[str], now: int) -> list[Entry]:
        def make() -> list[Entry]:
            due = [one for name in names for one in self._held.due(name, now)]
            due.sort(key=lambda one: one[0])
            return [self.decisions.release(arrival) for _, arrival in due]

        decision = Decision(make, now, [("held", name) for name in names])
        entries: list[Entry] = await self.deciding.decide(decision)
        return entries

    async def drop_held(self, concerns: Callable[[Arrival], bool]) -> None:
        """Forget what waits for its message and concerns somebody."""
        found = await self._shards.run(self._shard, _HELD, "+inf", _ALL, repeatable=True)
        names = [name.decode() for name in found]

        def make() -> None:
            for name in names:
                self._held.drop(name, concerns)

        await self.deciding.decide(Decision(make, 0, [("held", name) for name in names]))


class RedisAdmissions:
    """Takes in requests, whose elements may belong to several shards."""

    def __init__(self, shards: Shards, made: Made) -> None:
        self._shards = shards
        self.each = [ShardAdmissions(shards, one, made) for one in shards.numbers]

    async def close(self) -> None:
        """Answer what was asked."""
        await asyncio.gather(*(one.close() for one in self.each))

    def accept(self, arrivals: Sequence[Arrival]) -> Awaitable[list[Entry]]:
        """One commit per shard. If one of several fails the request fails, and the platform repeats it."""
        if len(arrivals) == 1 or len(set(map(self._shard_of, arrivals))) == 1:
            return self.each[self._shard_of(arrivals[0])].accept(arrivals)
        return self._spread(arrivals)

    async def _spread(self, arrivals: Sequence[Arrival]) -> list[Entry]:
        lots: dict[int, list[int]] = {}
        for number, arrival in enumerate(arrivals):
            lots.setdefault(self._shard_of(arrival), []).append(number)
        found = await asyncio.gather(
            *(self.each[shard].accept([arrivals[number] for number in lot]) for shard, lot in lots.items())
        )
        numbers = [number for lot in lots.values() for number in lot]
        entries = dict(zip(numbers, (entry for part in found for entry in part), strict=True))
        return [entries[number] for number in range(len(arrivals))]

    def _shard_of(self, arrival: Arrival) -> int:
        return self._shards.of(arrival.decoded.event.platform, scope_of(arrival))

    async def emit(self, emission: Emission) -> None:
        """Take in an event of the gateway's own."""
        event = emission.event
        await self.each[self._shards.of(event.platform, event.page_id)].emit(emission)

    async def release_held(self, now: int) -> list[Admission]:
        """Take in what has waited for its message long enough, on every shard."""
        found = await asyncio.gather(*(one.release_held(now) for one in self.each))
        return [entry.admission() for part in found for entry in part]
