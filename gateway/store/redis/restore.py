"""Another store's content on its way into this one, stretch by stretch; repeating one changes nothing."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec

from gateway.store.base import Conflict
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.event_reads import EventReads
from gateway.store.redis.library import central_script, shard_script
from gateway.store.redis.log import Log
from gateway.store.redis.restore_central import keyed_writes, quarantine_writes, replay_writes
from gateway.store.redis.restore_events import Placed
from gateway.store.redis.restore_people import Writes, contact_writes, group_writes, held_writes
from gateway.store.redis.shards import Shards
from gateway.store.redis.view import bucket_of_id
from gateway.store.transfer import (
    ContactRecord,
    ConversationRecord,
    EventRecord,
    HeldRecord,
    KeyedRecord,
    PlaceRecord,
    Progress,
    QuarantineRecord,
    ReplayRecord,
    SeenRecord,
    Setup,
    Stretch,
)

_RESTORE, _ACKNOWLEDGE = shard_script("restore"), shard_script("acknowledge")
_CELLS, _CENTRAL = central_script("cells"), central_script("restore_central")
_PROGRESS = ("transfer", "progress")
_PER_MS = 4096
_encoder = msgspec.msgpack.Encoder()


class Restoring:
    """Takes in records, while no gateway uses this store."""

    def __init__(self, shards: Shards, configurations: Configurations, events: EventReads) -> None:
        self._shards = shards
        self._configurations = configurations
        self._events = events
        self._log = Log(shards)
        self._writers: dict[str, Callable[[Any], Awaitable[None]]] = {
            "setup": self._setup,
            "contacts": self._contacts,
            "groups": self._groups,
            "seen": self._seen,
            "held": self._held,
            "quarantine": self._quarantine,
            "keyed": self._keyed,
            "replays": self._replays,
            "places": self._places,
        }

    async def begin(self, source: str) -> Progress:
        """How far it has come before. Raises Conflict for a store with other content."""
        (found,) = await self._shards.central(_CELLS, *_PROGRESS, repeatable=True)
        if found is not None:
            progress = msgspec.json.decode(found, type=Progress)
            if progress.source != source:
                raise Conflict("the new store holds what was moved from another one")
            return progress
        if not await self._is_empty():
            raise Conflict("the new store is not empty; move into an empty one")
        return Progress(source=source)

    async def restore(self, stretch: Stretch, progress: Progress) -> None:
        """Take in some records, then remember that; `progress` is as it will be."""
        if stretch.kind == "events":
            progress.last_key = await self._restore_events(stretch.records, progress.last_key)
        else:
            await self._writers[stretch.kind](stretch.records)
        await self.keep(progress)

    async def keep(self, progress: Progress) -> None:
        """Remember how far it has come."""
        await self._write_central([*_PROGRESS, msgspec.json.encode(progress).decode()], [], [])

    async def _is_empty(self) -> bool:
        present = await self._configurations.read()
        if present.keys or present.apps or present.accounts or present.endpoints:
            return False
        return not (await self._events.events(None, EventFilter(), PageRequest(limit=1))).data

    async def _restore_events(self, records: Sequence[Any], last: int) -> int:
        lots: dict[int, list[Placed]] = defaultdict(list)
        for record in records:
            last = _key(record, last)
            placed = Placed(record, last, self._shards)
            lots[placed.shard].append(placed)
        for shard, lot in lots.items():
            memories = [part for placed in lot for part in placed.memories()]
            await self._write(shard, memories=memories, events=[placed.packed() for placed in lot])
        return last

    async def _setup(self, records: Sequence[Setup]) -> None:
        for setup in records:
            configuration, store = setup.configuration, self._configurations
            for customer in configuration.customers:
                await store.put_customer(customer)
            for key in configuration.keys:
                await store.put_key(key)
            for app in configuration.apps:
                await store.put_app(app)
            for account in configuration.accounts:
                await store.put_account(account)
            for endpoint in configuration.endpoints:
                await store.put_endpoint(endpoint)
            owners = [part for pair in setup.owners.items() for part in ("owners", *pair)]
            await self._write_central(owners, [], [])

    async def _contacts(self, records: Sequence[ContactRecord]) -> None:
        await self._write_people(contact_writes(self._shards, record) for record in records)

    async def _groups(self, records: Sequence[ConversationRecord]) -> None:
        await self._write_people(group_writes(self._shards, record) for record in records)

    async def _write_people(self, people: Iterable[Writes]) -> None:
        lots: dict[int, list[Any]] = defaultdict(list)
        for writes in people:
            for shard, cells in writes.items():
                lots[shard] += [part for cell, value in cells for part in (*cell, value)]
        for shard, lot in lots.items():
            await self._write(shard, writes=lot)

    async def _seen(self, records: Sequence[SeenRecord]) -> None:
        """Nobody knows any more which shard the event was of, so all of them know it."""
        memories = [part for one in records for part in ("seen", one.period, *bucket_of_id(one.id), "")]
        for shard in self._shards.numbers:
            await self._write(shard, memories=memories)

    async def _held(self, records: Sequence[HeldRecord]) -> None:
        lots: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            shard, name, until, arrival = held_writes(self._shards, record)
            lots[shard][name].append((until, arrival))
        for shard, lot in lots.items():
            writes = [
                part
                for name, waiting in lot.items()
                for part in ("held", name, msgspec.json.encode(waiting).decode())
            ]
            held = [part for name, waiting in lot.items() for part in (name, min(waiting)[0])]
            await self._write(shard, writes=writes, held=held)

    async def _quarantine(self, records: Sequence[QuarantineRecord]) -> None:
        for record in records:
            await self._write_central(*quarantine_writes(record))

    async def _keyed(self, records: Sequence[KeyedRecord]) -> None:
        for record in records:
            await self._write_central(*keyed_writes(record))

    async def _replays(self, records: Sequence[ReplayRecord]) -> None:
        for record in records:
            await self._write_central(*replay_writes(record))
            reached = await self._key_of(record.reached)
            if record.replay.state == "running" and reached is not None:
                await self._carry_on(record, reached)

    async def _carry_on(self, record: ReplayRecord, reached: int) -> None:
        """Where each shard goes on; what has been done is counted in the first."""
        name = f"replay:{record.replay.id}"
        for shard in self._shards.numbers:
            done = record.replay.done if shard == 0 else 0
            state = ("position", str(reached), "done", str(done), "ended", "0")
            fields = zip(state[::2], state[1::2], strict=True)
            await self._write(shard, writes=[part for one in fields for part in (name, *one)])

    async def _places(self, records: Sequence[PlaceRecord]) -> None:
        for record in records:
            reached = await self._key_of(record.reached) or 0
            for shard in self._shards.numbers:
                writes = ["acknowledged", record.endpoint_id, str(reached)]
                await self._write(shard, writes=writes)

    async def _key_of(self, event_id: str | None) -> int | None:
        found = None if event_id is None else await self._events.find(None, event_id)
        return None if found is None else found.key

    async def _write(self, shard: int, **parts: list[Any]) -> None:
        content = [parts.get(name, []) for name in ("writes", "memories", "held", "events")]
        await self._shards.run(shard, _RESTORE, _encoder.encode(content), repeatable=True)

    async def _write_central(self, hashes: list[Any], sets: list[Any], values: list[Any]) -> None:
        packed = _encoder.encode([hashes, sets, values])
        await self._shards.central(_CENTRAL, packed, repeatable=True)


def _key(record: EventRecord, last: int) -> int:
    """The event's key here: of the same moment, and greater than all before it."""
    return max(last + 1, record.at * _PER_MS)
