"""How fast a backlog on Redis gets to its receiver, with one process that delivers or several.

python -m bench.drain redis://127.0.0.1:6379 [--events 20000] [--deliver 2]

The database must be empty, and is filled while the endpoint is paused. The rate counts from the first tenth
of the arrivals to the ninth, when all are at work. Processes run wherever the system puts them: where cores
are few, hold each to a share of one (`CPUQuota` of systemd, `cpu.cfs_quota_us` of a cgroup).
"""

import argparse
import asyncio
import json
import time
from contextlib import AsyncExitStack
from typing import Any

from bench.child import Child
from bench.load import Closed
from bench.roles import start_role
from bench.servers import Keys, call, free_port, new_keys, set_up
from bench.sink import Sink
from bench.traffic import Traffic

_FILL_S = 120
_DRAIN_S = 240


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--deliver", type=int, default=1, help="how many processes deliver")
    parser.add_argument("--concurrency", type=int, default=100, help="requests at a time, all told")
    arguments = parser.parse_args()
    asyncio.run(_measure(arguments))


async def _measure(given: argparse.Namespace) -> None:
    keys, sink = new_keys(), Sink()
    async with AsyncExitStack() as stack:
        await sink.open()
        stack.push_async_callback(sink.close)
        port = free_port()
        ingest = await start_role(stack, "ingest", given.url, port, keys)
        await set_up(port, ingest, sink, keys)
        await _change(port, keys, {"status": "paused", "concurrency": given.concurrency})
        queued = await _fill(port, sink, keys, given.events)
        children = [
            await start_role(stack, "deliver", given.url, free_port(), keys) for _ in range(given.deliver)
        ]
        for child in children:
            child.unpin()
        before = _cpu(children)
        await _change(port, keys, {"status": "active"})
        complete = await sink.received(queued, _DRAIN_S)
        used = _cpu(children) - before
    moments = sorted(sink.arrivals.values())
    first, last = len(moments) // 10, len(moments) * 9 // 10
    rate = (last - first) / (moments[last] - moments[first])
    print(
        f"{given.deliver} to deliver: {rate:,.0f} events/s, {used / len(moments) * 1e6:.0f} µs CPU per event"
    )
    late = "" if complete else ", not all in time"
    print(f"{queued} queued, {len(moments)} arrived, {sink.repeated} repeated{late}")


async def _fill(port: int, sink: Sink, keys: Keys, events: int) -> int:
    traffic = Traffic(keys.app_secret, time.time_ns() // 1_000_000)
    async with Closed(port, traffic.requests(events), sink, window=2 * events) as load:
        await load.run(_FILL_S)
    return len(load.accepted)


async def _change(port: int, keys: Keys, change: dict[str, Any]) -> None:
    """PATCH the only endpoint."""
    _, listed = await asyncio.to_thread(call, port, "GET", "/v1/endpoints", None, keys.admin_key)
    path = f"/v1/endpoints/{json.loads(listed)['data'][0]['id']}"
    await asyncio.to_thread(call, port, "PATCH", path, change, keys.admin_key)


def _cpu(children: list[Child]) -> float:
    return sum(child.cpu_s() or 0.0 for child in children)


if __name__ == "__main__":
    main()
