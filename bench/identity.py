"""What finding a person costs while many others are known, over either store.

python -m bench.identity [redis://127.0.0.1:6379?unsafe=volatile,evicting] [--contacts 1000,100000,1000000]

CPU time and not elapsed time: it tells the same on a machine on which others work. There is a store for each
number of people, and they are asked in turns: what the machine does meanwhile is in all figures alike.
On Redis these are databases, from the one in the URL on: they must be empty, and are filled. The CPU time of
its server is in the figures.
"""

import argparse
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from time import monotonic, process_time
from typing import Any

import redis
import uvloop
from msgspec import Struct, convert
from msgspec.structs import replace

from adapters.outgoing import Recipient
from bench.plan import Plan
from bench.settling import CUSTOMER, arrival, identities_of, settle
from bench.traffic import Traffic
from gateway.store.address import parse_redis
from gateway.store.contact import ContactFilter
from gateway.store.records import Account, Arrival, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.vault import KEY_BYTES, Vault

_NOW = 1_790_000_000_000
_LOOKUPS = 200
"""Of each kind, in each round."""
_PAGES = 20
_SEED = 7

CpuTime = Callable[[], float]
"""Seconds of CPU so far, of whatever does the work."""
AnyStore = SqliteStore | RedisStore


class Lookup(Struct, frozen=True, kw_only=True):
    """Microseconds of CPU for one person, found among so many: the median of the rounds."""

    contacts: int
    recipient_us: float
    """Before a message is sent: whose id it is, and in which conversation."""
    addressee_us: float
    """Before a message is sent: what the person agreed to."""
    contact_us: float
    """`GET /v1/contacts?identity=…`: the whole contact."""
    message_us: float
    """Taking in a message. Of the first 20,000 people whoever wrote before is still in memory."""


async def identity(plan: Plan, url: str | None = None) -> list[Lookup]:
    """Measure at each number of contacts, in turns. `url`: a Redis, else files."""
    deadline = monotonic() + plan.acquaintance_seconds
    async with AsyncExitStack() as stack:
        towns = []
        for number, contacts in enumerate(plan.contacts):
            towns.append(await stack.enter_async_context(_town(url, number, contacts, deadline)))
        rounds = [[await town.measure() for town in towns] for _ in range(plan.lookup_rounds)]
    return [_median(turns) for turns in zip(*rounds, strict=True)]


@asynccontextmanager
async def _town(url: str | None, number: int, people: int, deadline: float) -> AsyncIterator["_Town"]:
    """A store with so many people, or as many as there was time for."""
    with tempfile.TemporaryDirectory(prefix="bench-identity-") as directory:
        traffic = Traffic("", _NOW, people=people, pages=_PAGES)
        async with _opened(url, number, Path(directory)) as (store, _):
            settled = await settle(store, traffic, people, _NOW, deadline)
        async with _opened(url, number, Path(directory)) as (store, cpu_time):
            town = _Town(store, cpu_time, traffic, (settled, people))
            await town.connect()
            yield town


@asynccontextmanager
async def _opened(url: str | None, number: int, directory: Path) -> AsyncIterator[tuple[AnyStore, CpuTime]]:
    vault = Vault(bytes(KEY_BYTES))
    store: AnyStore
    if url is None:
        store, cpu_time = SqliteStore(directory / "gateway.db", vault, _clock), process_time
    else:
        first = parse_redis(url)
        address = replace(first, database=first.database + number)
        store, cpu_time = RedisStore(address, vault, _clock), _with_server(address.hosts[0])
    await store.open()
    try:
        yield store, cpu_time
    finally:
        await store.close()


def _clock() -> int:
    """It stands still: nothing becomes old enough to be compressed beside the measurement."""
    return _NOW


def _with_server(host: Any) -> CpuTime:
    server = redis.Redis(host=host.name, port=host.port)

    def seconds() -> float:
        told: Any = server.info("cpu")
        return process_time() + float(told["used_cpu_user"]) + float(told["used_cpu_sys"])

    return seconds


def _median(turns: Sequence[Lookup]) -> Lookup:
    values = {name: median(getattr(one, name) for one in turns) for name in Lookup.__struct_fields__}
    return Lookup(**{**values, "contacts": turns[0].contacts})


class _Town:
    """People who have each written once to one of 20 pages."""

    def __init__(
        self, store: AnyStore, cpu_time: CpuTime, traffic: Traffic, inhabitants: tuple[int, int]
    ) -> None:
        """`inhabitants`: those who are there, and those of whom the traffic tells."""
        self._store = store
        self._cpu_time = cpu_time
        self._traffic = traffic
        self._contacts, self._people = inhabitants
        self._random = random.Random(_SEED)  # noqa: S311 (not a secret)
        self._later = self._people

    async def connect(self) -> None:
        """All pages are the customer's."""
        for platform, page_id in map(self._traffic.account, range(_PAGES)):
            account = Account(
                id=f"acc_{page_id}",
                customer_id=CUSTOMER,
                platform=platform,
                page_id=page_id,
                created_at=_NOW,
            )
            await self._store.put_account(account)

    async def measure(self) -> Lookup:
        """Look for people at random, and let them write again, one by one."""
        known = [self._arrival(self._random.randrange(self._contacts)) for _ in range(_LOOKUPS)]
        again = [self._written_again() for _ in range(_LOOKUPS)]
        return Lookup(
            contacts=self._contacts,
            recipient_us=await self._cost(self._recipient, known),
            addressee_us=await self._cost(self._addressee, known),
            contact_us=await self._cost(self._contact, known),
            message_us=await self._cost(self._write, again),
        )

    async def _cost(self, work: Callable[[Arrival], Awaitable[None]], arrivals: Sequence[Arrival]) -> float:
        begun = self._cpu_time()
        for one in arrivals:
            await work(one)
        return (self._cpu_time() - begun) / len(arrivals) * 1e6

    async def _recipient(self, one: Arrival) -> None:
        event, (identity, *_) = one.decoded.event, identities_of(one)
        to = convert({"kind": identity.kind, "value": identity.value}, Recipient)
        found = await self._store.outbox.addressee(event.platform, event.page_id, to)
        assert found.conversation_id is not None, "somebody who has written has no conversation"

    async def _addressee(self, one: Arrival) -> None:
        event, (identity, *_) = one.decoded.event, identities_of(one)
        found = await self._store.people.addressee(event.platform, event.page_id, identity)
        assert found is not None, "somebody who has written is not known"

    async def _contact(self, one: Arrival) -> None:
        which = ContactFilter(identity=identities_of(one)[0].value)
        page = await self._store.people.contacts(CUSTOMER, which, PageRequest())
        assert len(page.data) == 1, "one identity is not one contact"

    async def _write(self, one: Arrival) -> None:
        (admission,) = await self._store.accept([one])
        assert admission.state == "stored", "a new message was taken for an old one"

    def _written_again(self) -> Arrival:
        """Another message of somebody known: numbers as far apart as there are people are one person's."""
        self._later += self._people
        return self._arrival(self._later + self._random.randrange(self._contacts))

    def _arrival(self, number: int) -> Arrival:
        return arrival(self._traffic, number, _NOW)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="a Redis; without it, a file")
    parser.add_argument("--contacts", default="1000,100000,1000000")
    arguments = parser.parse_args()
    sizes = tuple(int(size) for size in arguments.contacts.split(","))
    plan = Plan(contacts=sizes, acquaintance_seconds=float("inf"))
    for one in uvloop.run(identity(plan, arguments.url)):
        before = f"recipient {one.recipient_us:.0f}, addressee {one.addressee_us:.0f}"
        costs = f"{before}, contact {one.contact_us:.0f}, message {one.message_us:.0f}"
        print(f"{one.contacts:>9,} contacts: {costs} µs of CPU")


if __name__ == "__main__":
    main()
