"""What the store on Redis costs: CPU here and there, memory per queued event, and claims in a long queue.

python -m bench.redis_store redis://127.0.0.1:6379?unsafe=volatile,evicting [--events 100000] [--compress]

The database must be empty, and is filled. CPU of this process includes nothing but the store's own work:
elements are decoded beforehand. 64 requests are under way at a time. A turn accepts 2,000 events,
or claims or finishes 64. The first turns introduce 5,000 people: the median is that of people who are known.
"""

import argparse
import asyncio
import resource
from collections.abc import Sequence
from statistics import median
from time import perf_counter, process_time
from typing import Any

import redis
import uvloop

from adapters import ADAPTERS
from adapters.base import Decoded, Inbound
from adapters.event import encode
from bench.traffic import Traffic
from gateway.store.address import parse_redis
from gateway.store.records import Arrival, Attempt, Endpoint, Outcome, Route, Secret
from gateway.store.redis import RedisStore
from gateway.store.redis.layout.facts import database_of
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.upkeep.pressing import Pressing
from gateway.vault import KEY_BYTES, Vault

NOW = 1_790_000_000_000
LATER = NOW + 3_600_000
_CUSTOMER = "default"
_ENDPOINT = "ep_bench"
_CONCURRENT = 64
_CHUNK = 2_000


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--compress", action="store_true", help="compress what is parked, as upkeep does")
    arguments = parser.parse_args()
    uvloop.run(_measure(arguments.url, arguments.events, arguments.compress))


async def _measure(url: str, events: int, compress: bool) -> None:
    address = parse_redis(url)
    server = redis.Redis(host=address.hosts[0].name, port=address.hosts[0].port)
    store = RedisStore(address, Vault(bytes(KEY_BYTES)), lambda: NOW)
    await store.open()
    await store.put_endpoint(endpoint())
    before = _memory(server)
    cost, traffic = Cost(server), Traffic("", NOW)
    for first in range(0, events, _CHUNK):
        arrivals = [arrival(traffic, number) for number in range(first, min(first + _CHUNK, events))]
        with cost:
            await accept(store, arrivals)
    cost.report("accept", events)
    _report_memory(server, before, events, "as taken in")
    if compress:
        presser = await pressing(url)
        with (compressing := Cost(server)):
            while await presser.press(LATER):
                pass
        compressing.report("compress", events)
        _report_memory(server, before, events, "compressed")
    await take(store, server, min(events, 20_000))
    await store.close()


async def accept(store: RedisStore, arrivals: Sequence[Arrival]) -> None:
    """One element per request, 64 requests at a time."""
    waiting = iter(arrivals)

    async def lane() -> None:
        for arrival in waiting:
            await store.accept([arrival])

    await asyncio.gather(*(lane() for _ in range(_CONCURRENT)))


async def pressing(url: str) -> Pressing:
    """What a store does in the background, to be done at once."""
    connection = Connection(parse_redis(url))
    await connection.open()
    return Pressing(await database_of(connection), lambda: LATER)


async def take(store: RedisStore, server: Any, count: int) -> None:
    """Claim and finish so many deliveries, 64 at a time."""
    claiming, finishing, done = Cost(server), Cost(server), 0
    while done < count:
        with claiming:
            jobs, _ = await store.claim(_ENDPOINT, LATER, 20_000, _CONCURRENT, 0)
        assert jobs, "nothing is given out although much is due"
        attempt = Attempt(at=LATER, duration_ms=1, status=200)
        with finishing:
            await store.finish([Outcome(job=job, attempt=attempt, state="delivered") for job in jobs])
        done += len(jobs)
    claiming.report("claim", done)
    finishing.report("finish", done)


class Cost:
    """Time and CPU of what happens inside `with`, turn by turn."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._turns: list[tuple[float, float, float]] = []
        """Time, CPU of this process, CPU of Redis; in seconds."""

    def __enter__(self) -> "Cost":
        self._servers = self._cpu()
        self._begin = (perf_counter(), process_time())
        return self

    def __exit__(self, *_: object) -> None:
        wall, own = self._begin
        wall, own = perf_counter() - wall, process_time() - own
        self._turns.append((wall, own, self._cpu() - self._servers))

    def report(self, name: str, count: int) -> None:
        """A line: over all turns, and of this process the usual and the least CPU of a turn."""
        per, turns = 1e6 / count, len(self._turns)
        wall, own, servers = (list(part) for part in zip(*self._turns, strict=True))
        print(
            f"{name:9} {count / sum(wall):8,.0f}/s  client {sum(own) * per:6.1f} µs CPU per event "
            f"(median turn {median(own) * turns * per:.1f}, least {min(own) * turns * per:.1f})  "
            f"server {sum(servers) * per:6.1f} µs CPU"
        )

    def _cpu(self) -> float:
        facts = self._server.info("cpu")
        return float(facts["used_cpu_user"]) + float(facts["used_cpu_sys"])


def _memory(server: Any) -> int:
    return int(server.info("memory")["used_memory"])


def _report_memory(server: Any, before: int, events: int, how: str) -> None:
    used = _memory(server)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory    {(used - before) / events:8,.0f} bytes per event {how}; {used / 2**20:,.0f} MiB in all")
    print(f"          {own:8,.0f} MiB here at most")


def arrival(traffic: Traffic, number: int) -> Arrival:
    """A message as a request brings it."""
    platform, body = traffic.envelope(number)
    (decoded,) = ADAPTERS[platform].decode(Inbound(body))
    assert isinstance(decoded, Decoded)
    routes = (Route(endpoint_id=_ENDPOINT, ordered=True),)
    return Arrival(
        decoded=decoded,
        body=encode(decoded.event),
        received_at=NOW + number // 1_000,
        customer_ids=(_CUSTOMER,),
        routes=routes,
        started_routes=routes,
    )


def endpoint() -> Endpoint:
    """The one that everything goes to."""
    secrets = (Secret(value="whsec_"),)
    return Endpoint(
        id=_ENDPOINT, customer_id=_CUSTOMER, url="http://127.0.0.1:9/", secrets=secrets, created_at=NOW
    )


if __name__ == "__main__":
    main()
