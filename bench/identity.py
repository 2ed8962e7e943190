"""What finding a person costs while many others are known, over either store.

python -m bench.identity [redis://127.0.0.1:6379?unsafe=volatile,evicting] [--contacts 1000,100000,1000000]

CPU time and not elapsed time: it tells the same on a machine on which others work. On Redis the database must
be empty, and is filled; its server's own CPU time is in the figures.
"""

import argparse
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import redis
import uvloop
from msgspec import Struct

from adapters import ADAPTERS
from adapters.base import Decoded, Identity, Inbound
from adapters.event import encode
from bench.plan import Plan
from bench.traffic import Traffic
from gateway.store.address import parse_redis
from gateway.store.base import Store
from gateway.store.contact import ContactFilter
from gateway.store.records import Account, Arrival, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.sqlite import SqliteStore
from gateway.vault import KEY_BYTES, Vault

_NOW = 1_790_000_000_000
_CUSTOMER = "default"
_BATCH = 256
_LOOKUPS = 2_000
_SEED = 7

CpuTime = Callable[[], float]
"""Seconds of CPU so far, of whatever does the work."""


class Lookup(Struct, frozen=True, kw_only=True):
    """Microseconds of CPU for one person, found among so many."""

    contacts: int
    addressee_us: float
    """Before a message is sent to an identity."""
    contact_us: float
    """`GET /v1/contacts?identity=…`: the whole contact."""
    message_us: float
    """Taking in a message of somebody whom the process has not in memory."""


async def identity(plan: Plan, url: str | None = None) -> list[Lookup]:
    """Measure at each number of contacts, in one store that grows. `url`: a Redis, else a file."""
    measured: list[Lookup] = []
    async with _opened(url) as (store, cpu_time):
        town = _Town(store, cpu_time, max(plan.contacts), monotonic() + plan.acquaintance_seconds)
        await town.connect()
        for contacts in plan.contacts:
            await town.grow(contacts)
            measured.append(await town.measure())
            if town.contacts < contacts:
                break
    return measured


@asynccontextmanager
async def _opened(url: str | None) -> AsyncIterator[tuple[Store, CpuTime]]:
    vault = Vault(bytes(KEY_BYTES))
    with tempfile.TemporaryDirectory(prefix="bench-identity-") as directory:
        store: Store
        if url is None:
            store, cpu_time = SqliteStore(Path(directory) / "gateway.db", vault, _clock), process_time
        else:
            address = parse_redis(url)
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


class _Town:
    """People who have each written once to one of 20 pages."""

    def __init__(self, store: Store, cpu_time: CpuTime, people: int, deadline: float) -> None:
        self.contacts = 0
        self._store = store
        self._cpu_time = cpu_time
        self._deadline = deadline
        self._people = people
        self._traffic = Traffic("", _NOW, people=people)
        self._random = random.Random(_SEED)  # noqa: S311 (not a secret)
        self._later = people

    async def connect(self) -> None:
        """All pages are the customer's."""
        for platform, page_id in map(self._traffic.account, range(20)):
            account = Account(
                id=f"acc_{page_id}",
                customer_id=_CUSTOMER,
                platform=platform,
                page_id=page_id,
                created_at=_NOW,
            )
            await self._store.put_account(account)

    async def grow(self, contacts: int) -> None:
        """Let people write for the first time until so many are known, or the time is up."""
        while self.contacts < contacts and monotonic() < self._deadline:
            count = min(_BATCH, contacts - self.contacts)
            await self._store.accept([self._arrival(self.contacts + one) for one in range(count)])
            self.contacts += count

    async def measure(self) -> Lookup:
        """Look for people at random, and let them write again, one by one."""
        known = [self._arrival(self._random.randrange(self.contacts)) for _ in range(_LOOKUPS)]
        again = [self._written_again() for _ in range(_LOOKUPS)]
        return Lookup(
            contacts=self.contacts,
            addressee_us=await self._cost(self._addressee, known),
            contact_us=await self._cost(self._contact, known),
            message_us=await self._cost(self._write, again),
        )

    async def _cost(self, work: Callable[[Arrival], Awaitable[None]], arrivals: Sequence[Arrival]) -> float:
        begun = self._cpu_time()
        for arrival in arrivals:
            await work(arrival)
        return (self._cpu_time() - begun) / len(arrivals) * 1e6

    async def _addressee(self, arrival: Arrival) -> None:
        event = arrival.decoded.event
        one = await self._store.people.addressee(event.platform, event.page_id, _identity(arrival))
        assert one is not None, "somebody who has written is not known"

    async def _contact(self, arrival: Arrival) -> None:
        which = ContactFilter(identity=_identity(arrival).value)
        page = await self._store.people.contacts(_CUSTOMER, which, PageRequest())
        assert len(page.data) == 1, "one identity is not one contact"

    async def _write(self, arrival: Arrival) -> None:
        (admission,) = await self._store.accept([arrival])
        assert admission.state == "stored", "a new message was taken for an old one"

    def _written_again(self) -> Arrival:
        """Another message of somebody known: numbers as far apart as there are people are one person's."""
        self._later += self._people
        return self._arrival(self._later + self._random.randrange(self.contacts))

    def _arrival(self, number: int) -> Arrival:
        platform, body = self._traffic.envelope(number)
        (decoded,) = ADAPTERS[platform].decode(Inbound(body))
        assert isinstance(decoded, Decoded)
        return Arrival(
            decoded=decoded, body=encode(decoded.event), received_at=_NOW, customer_ids=(_CUSTOMER,)
        )


def _identity(arrival: Arrival) -> Identity:
    person = arrival.decoded.person
    assert person is not None
    return person.identities[0]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="a Redis; without it, a file")
    parser.add_argument("--contacts", default="1000,100000,1000000")
    arguments = parser.parse_args()
    sizes = tuple(int(size) for size in arguments.contacts.split(","))
    plan = Plan(contacts=sizes, acquaintance_seconds=float("inf"))
    for one in uvloop.run(identity(plan, arguments.url)):
        costs = (
            f"addressee {one.addressee_us:.0f}, contact {one.contact_us:.0f}, message {one.message_us:.0f}"
        )
        print(f"{one.contacts:>9,} contacts: {costs} µs of CPU")


if __name__ == "__main__":
    main()
