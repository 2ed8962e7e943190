"""The content of a database as records for another store. All gateways on it are stopped meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from gateway.store.base import Conflict
from gateway.store.redis.central.configuration import CHECK, Configurations
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.contacts.reads import ContactReads
from gateway.store.redis.dump.central import Central
from gateway.store.redis.dump.events import Events
from gateway.store.redis.dump.ledgers import Ledgers
from gateway.store.redis.dump.people import People
from gateway.store.redis.dump.seen import Departed, Seen
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.transfer.contract import KINDS, Kind, Stretch
from gateway.store.transfer.records import LeavingRecord, PlaceRecord, Setup

_RUNNING = central_script("central/running")
_SIZES, _CENTRAL_SIZES = shard_script("layout/sizes"), central_script("layout/sizes")
_COUNTED: dict[Kind, str] = {
    "quarantine": "quarantined",
    "keyed": "keyed",
    "replays": "replays_order",
    "renormalisations": "renormalisations_order",
}
"""Kinds that one sorted set counts."""
_STRETCH = 500
_Part = tuple[Sequence[Any], str, bool]
"""Records, where to go on, and whether there are more."""


class Leaving:
    """A database whose content goes into another store."""

    def __init__(
        self, shards: Shards, configurations: Configurations, tally: Callable[[int], Awaitable[int]]
    ) -> None:
        """`tally` counts usage: what moves has been counted, so that nothing is counted twice."""
        self._shards = shards
        self._configurations = configurations
        self._tally = tally
        ledgers = Ledgers(shards, configurations)
        owners = Owners(configurations)
        people = People(shards, ContactReads(shards, owners), owners)
        self._people, self._events, self._central = people, Events(shards), Central(shards)
        self._readers: dict[Kind, Callable[[str, int], Awaitable[_Part]]] = {
            "contacts": people.contacts,
            "events": self._events.events,
            "seen": Seen(shards).seen,
            "departed": Departed(shards).departed,
            "quarantine": self._central.quarantined,
            "keyed": self._central.keyed,
            "replays": self._central.replays,
            "renormalisations": self._central.renormalisations,
            "messages": ledgers.messages,
            "counted": ledgers.counted,
        }
        self._whole: dict[Kind, Callable[[], Awaitable[Sequence[Any]]]] = {
            "setup": self._setup,
            "groups": people.groups,
            "held": self._events.held,
            "erased": ledgers.erased,
            "usage": ledgers.usage,
            "erasures": ledgers.erasures,
            "leaving": self._content_leaving,
            "places": self._places,
        }
        """Kinds that are read at once: there is never much of them."""

    async def source(self) -> str:
        """What names this database and no other. Raises Conflict."""
        await refuse_company(self._shards)
        if erasing := await self._configurations.names("erasing"):
            raise Conflict(
                f"{len(erasing)} erasures are under way: start the gateway again and let them end first"
            )
        if moving := await self._configurations.names("moves"):
            raise Conflict(
                f"the history of {len(moving)} accounts is still following them: let that end first"
            )
        while await self._tally(_STRETCH):
            pass
        sealed = await self._configurations.cell("facts", CHECK)
        await self._count("replays")  # one that cannot be carried on says so before anything moves
        return (sealed or b"").hex()

    async def totals(self) -> dict[Kind, int]:
        """How many records of each kind there are."""
        sizes = await self._shards.central(_CENTRAL_SIZES, *_COUNTED.values(), repeatable=True)
        counted = dict(zip(_COUNTED, map(int, sizes), strict=True))
        sizes = await self._shards.everywhere(_SIZES, "events", "outgoing_order", repeatable=True)
        events, messages = (sum(map(int, column)) for column in zip(*sizes, strict=True))
        counted |= {"events": events, "messages": messages, "contacts": await self._people.total()}
        rest = [kind for kind in KINDS if kind not in counted]
        return counted | {kind: await self._count(kind) for kind in rest}

    async def stretch(self, kind: Kind, after: str, limit: int) -> Stretch:
        """The next records of a kind."""
        if kind in self._whole:
            return Stretch(kind=kind, records=tuple(await self._whole[kind]()), cursor="", more=False)
        records, cursor, more = await self._readers[kind](after, limit)
        return Stretch(kind=kind, records=tuple(records), cursor=cursor, more=more)

    async def _count(self, kind: Kind) -> int:
        cursor, more, count = "", True, 0
        while more:
            stretch = await self.stretch(kind, cursor, _STRETCH)
            cursor, more = stretch.cursor, stretch.more
            count += len(stretch.records)
        return count

    async def _setup(self) -> list[Setup]:
        configuration = await self._configurations.read()
        return [Setup(configuration=configuration, owners=await self._configurations.owners())]

    async def _content_leaving(self) -> list[LeavingRecord]:
        return await self._central.leaving(await self._configurations.read())

    async def _places(self) -> list[PlaceRecord]:
        return await self._central.places(await self._configurations.read())


async def refuse_company(shards: Shards) -> None:
    """Raises Conflict while a gateway uses the database."""
    if await shards.central(_RUNNING, repeatable=True):
        raise Conflict(
            "a gateway is running on this Redis; stop all of them. One that was killed is missed after 5 s"
        )
