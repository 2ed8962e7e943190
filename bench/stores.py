"""The same gateway on a file and on Redis, one process each, taking turns under full load.

python -m bench.stores redis://127.0.0.1:6379 [--rounds 5] [--seconds 4]

The database must be empty, and is filled. Only the ratios travel, and CPU per event more than the rate:
Redis works on a core of its own, which the rate does not show where it has none.
"""

import argparse
import asyncio
import time
from contextlib import AsyncExitStack
from statistics import median
from typing import Any

import redis

from bench.plan import Plan
from bench.roles import start_role
from bench.servers import Server, free_port, new_keys, running, set_up
from bench.sink import Sink
from bench.throughput import Turn, full_load
from bench.traffic import PEOPLE, Traffic


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    arguments = parser.parse_args()
    plan = Plan(rounds=arguments.rounds, turn_seconds=arguments.seconds)
    asyncio.run(_measure(arguments.url, plan))


async def _measure(url: str, plan: Plan) -> None:
    keys = new_keys()
    async with AsyncExitStack() as stack:
        on_file = await stack.enter_async_context(running("gateway", keys))
        sink = Sink()
        await sink.open()
        stack.push_async_callback(sink.close)
        port = free_port()
        child = await start_role(stack, "all", url, port, keys)
        await set_up(port, child, sink, keys)
        on_redis = Server("redis", port, child, sink)
        client = redis.Redis.from_url(url)
        stack.callback(client.close)
        traffic = Traffic(keys.app_secret, time.time_ns() // 1_000_000)
        introductions = traffic.requests(PEOPLE)
        for server in (on_file, on_redis):
            await full_load(server, introductions, plan.warm_up_seconds, plan.window)
        turns = [await _round(on_file, on_redis, client, traffic, plan) for _ in range(plan.rounds)]
    _report(turns)


async def _round(
    on_file: Server, on_redis: Server, client: Any, traffic: Traffic, plan: Plan
) -> tuple[Turn, Turn, float]:
    """A turn of each, and what Redis worked per event, in microseconds."""
    batch = traffic.requests(plan.turn_events)
    its = await full_load(on_file, batch, plan.turn_seconds, plan.window)
    before = _cpu(client)
    mine = await full_load(on_redis, batch, plan.turn_seconds, plan.window)
    return its, mine, (_cpu(client) - before) / max(mine.events, 1) * 1e6


def _cpu(client: Any) -> float:
    facts = client.info("cpu")
    return float(facts["used_cpu_user"]) + float(facts["used_cpu_sys"])


def _report(turns: list[tuple[Turn, Turn, float]]) -> None:
    for name, taken in (("file", [one[0] for one in turns]), ("redis", [one[1] for one in turns])):
        cpu = median(turn.cpu_us or 0 for turn in taken)
        faults = sum(turn.refused + turn.lost + turn.repeated + turn.forged for turn in taken)
        rate = median(turn.per_second for turn in taken)
        print(f"{name:6} {rate:7,.0f} events/s  gateway {cpu:6.0f} µs CPU per event  {faults} faults")
    cpu_ratio = median((its.cpu_us or 0) / (mine.cpu_us or 1) for its, mine, _ in turns)
    print(f"Redis itself {median(cpu for *_, cpu in turns):.0f} µs CPU per event")
    print(f"events per CPU second of the gateway: redis / file = {cpu_ratio:.2f}")
    print(
        f"events/s: redis / file = {median(mine.per_second / its.per_second for its, mine, _ in turns):.2f}"
    )


if __name__ == "__main__":
    main()
