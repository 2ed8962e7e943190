"""Another store's content on its way into this one, stretch by stretch; repeating one changes nothing."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from gateway.store.base import Conflict
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.dump.leaving import refuse_company
from gateway.store.redis.events.reads import EventReads
from gateway.store.redis.layout.keys import first_key
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.restore.central import CentralWrites, keyed_writes, quarantine_writes
from gateway.store.redis.restore.contacts import Contacts
from gateway.store.redis.restore.events import Placed
from gateway.store.redis.restore.ledgers import Ledgers
from gateway.store.redis.restore.people import held_writes
from gateway.store.redis.restore.runs import Runs
from gateway.store.redis.restore.writing import ShardWrites, Writing
from gateway.store.transfer.contract import Progress, Stretch
from gateway.store.transfer.events import EventRecord, HeldRecord, SeenRecord
from gateway.store.transfer.records import KeyedRecord, QuarantineRecord, Setup

_CELLS = central_script("layout/cells")
_PROGRESS = ("transfer", "progress")


class Restoring:
    """Takes in records, while no gateway uses this store."""

    def __init__(self, shards: Shards, configurations: Configurations, events: EventReads) -> None:
        self._shards = shards
        self._configurations = configurations
        self._events = events
        self._writing = writing = Writing(shards)
        contacts, runs = Contacts(shards, writing), Runs(shards, writing, events)
        ledgers = Ledgers(shards, writing)
        self._writers: dict[str, Callable[[Any], Awaitable[None]]] = {
            "setup": self._setup,
            "contacts": contacts.contacts,
            "groups": contacts.groups,
            "seen": self._seen,
            "held": self._held,
            "keyed": self._keyed,
            "replays": runs.replays,
            "renormalisations": runs.renormalisations,
            "leaving": runs.leaving,
            "places": runs.places,
            "erased": ledgers.erased,
            "departed": ledgers.departed,
            "usage": ledgers.usage,
            "counted": ledgers.counted,
            "erasures": ledgers.erasures,
        }
        self._dated: dict[str, Callable[[Any, int], Awaitable[int]]] = {
            "events": self._restore_events,
            "quarantine": self._quarantine,
            "messages": ledgers.messages,
        }
        """Records with keys of their moments, each greater than the last one."""

    async def begin(self, source: str) -> Progress:
        """How far it has come before. Raises Conflict for a store with other content, or in use."""
        await refuse_company(self._shards)
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
        if stretch.kind in self._dated:
            last = progress.last.get(stretch.kind, 0)
            progress.last[stretch.kind] = await self._dated[stretch.kind](stretch.records, last)
        else:
            await self._writers[stretch.kind](stretch.records)
        await self.keep(progress)

    async def keep(self, progress: Progress) -> None:
        """Remember how far it has come."""
        await self._writing.central(CentralWrites([*_PROGRESS, msgspec.json.encode(progress).decode()]))

    async def _is_empty(self) -> bool:
        present = await self._configurations.read()
        if present.keys or present.apps or present.accounts or present.endpoints:
            return False
        return not (await self._events.events(None, EventFilter(), PageRequest(limit=1))).data

    async def _restore_events(self, records: Sequence[EventRecord], last: int) -> int:
        lots: dict[int, list[Placed]] = defaultdict(list)
        for record in records:
            last = max(last + 1, first_key(record.at))
            placed = Placed(record, last, self._shards)
            lots[placed.shard].append(placed)
        for shard, lot in lots.items():
            memories = [part for placed in lot for part in placed.memories()]
            entries = [part for placed in lot for part in placed.entries()]
            packed = [placed.packed() for placed in lot]
            writes = ShardWrites(memories=memories, events=packed, entries=entries)
            await self._writing.shard(shard, writes)
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
            await self._writing.central(CentralWrites(owners))

    async def _seen(self, records: Sequence[SeenRecord]) -> None:
        """Nobody knows any more which shard the event was of, so all of them know it."""
        names = [("seen", one.period, one.name, "") for one in records]
        await self._writing.everywhere(ShardWrites(memories=[part for name in names for part in name]))

    async def _held(self, records: Sequence[HeldRecord]) -> None:
        lots: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            shard, name, until, arrival = held_writes(self._shards, record)
            lots[shard][name].append((until, arrival))
        for shard, lot in lots.items():
            waiting = {name: msgspec.json.encode(arrivals).decode() for name, arrivals in lot.items()}
            flat = [part for name, text in waiting.items() for part in ("held", name, text)]
            first = [part for name, arrivals in lot.items() for part in (name, min(arrivals)[0])]
            await self._writing.shard(shard, ShardWrites(records=flat, held=first))

    async def _quarantine(self, records: Sequence[QuarantineRecord], last: int) -> int:
        for record in records:
            writes, last = quarantine_writes(record, last)
            await self._writing.central(writes)
        return last

    async def _keyed(self, records: Sequence[KeyedRecord]) -> None:
        for record in records:
            await self._writing.central(keyed_writes(record))
