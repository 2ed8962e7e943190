"""What a long backlog on Redis costs: its memory, and whether claims become dearer while it grows.

python -m bench.redis_backlog redis://127.0.0.1:6379?unsafe=volatile,evicting [--events 1000000]

Messages of 50,000 people to 500 pages, each different from all others, to one endpoint that takes nothing.
What lies is compressed as the store does it in the background. The database must be empty, and is filled.
"""

import argparse
from collections.abc import Iterator
from typing import Any

import redis
import uvloop

from bench.redis_store import LATER, NOW, Cost, accept, arrival, endpoint, pressing, take
from bench.traffic import Varied
from gateway.store.address import parse_redis
from gateway.store.redis import RedisStore
from gateway.vault import KEY_BYTES, Vault

_PEOPLE, _PAGES = 50_000, 500
_CHUNK = 2_000
_TAKEN = 2_048
_DEPTHS = (1_000, 10_000, 100_000, 300_000)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--events", type=int, default=1_000_000)
    arguments = parser.parse_args()
    uvloop.run(_measure(arguments.url, arguments.events))


async def _measure(url: str, events: int) -> None:
    address = parse_redis(url)
    server = redis.Redis(host=address.hosts[0].name, port=address.hosts[0].port)
    store = RedisStore(address, Vault(bytes(KEY_BYTES)), lambda: NOW)
    await store.open()
    await store.put_endpoint(endpoint())
    presser, size, done = await pressing(url), 0, 0
    traffic = Varied("", NOW, pages=_PAGES, people=_PEOPLE)
    for depth in _depths(events):
        accepting, compressing = Cost(server), Cost(server)
        first, done = done, depth
        for start in range(first, depth, _CHUNK):
            arrivals = [arrival(traffic, number) for number in range(start, min(start + _CHUNK, depth))]
            size += sum(len(one.body) for one in arrivals)
            with accepting:
                await accept(store, arrivals)
            with compressing:
                while await presser.press(LATER):
                    pass
        print(f"{depth:,} messages of {size / depth:,.0f} bytes as the adapter makes them")
        accepting.report("accept", depth - first)
        compressing.report("compress", depth - first)
        _report(server)
        await take(store, server, min(_TAKEN, depth // 2))
    await store.close()


def _depths(events: int) -> Iterator[int]:
    yield from (depth for depth in _DEPTHS if depth < events)
    yield events


def _report(server: Any) -> None:
    used = int(server.info("memory")["used_memory"])
    kept = sum(server.zcard(name) for name in server.scan_iter(match="*}:events", count=10_000, _type="zset"))
    print(
        f"memory    {used / kept:8,.0f} bytes per event, all told; {kept:,} events in {used / 2**20:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
