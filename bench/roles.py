"""What an event costs the process that receives it, the one that delivers it, and Redis.

python -m bench.roles redis://127.0.0.1:6379 [--seconds 10] [--deliver 2]

The database must be empty, and is filled. CPU per event is what counts here: the machine may be shared.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import redis

from bench.child import Child
from bench.load import Closed
from bench.servers import Keys, Server, free_port, listening, new_keys, set_up
from bench.sink import Sink
from bench.traffic import Traffic

_EVENTS = 50_000
_WARM_UP = 5_000
_WINDOW = 128
_DRAIN_S = 20


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--deliver", type=int, default=1, help="how many processes deliver")
    arguments = parser.parse_args()
    asyncio.run(_measure(arguments.url, arguments.seconds, arguments.deliver))


async def _measure(url: str, seconds: float, delivering: int) -> None:
    keys, names = new_keys(), ["ingest", *(f"deliver {number + 1}" for number in range(delivering))]
    async with AsyncExitStack() as stack:
        sink = Sink()
        await sink.open()
        stack.push_async_callback(sink.close)
        children: dict[str, Child] = {}
        ports = {name: free_port() for name in names}
        for name in names:
            children[name] = await start_role(stack, name.split()[0], url, ports[name], keys)
            if name == "ingest":
                await set_up(ports[name], children[name], sink, keys)
        server = Server("redis", ports["ingest"], children["ingest"], sink)
        client = redis.Redis.from_url(url)
        stack.callback(client.close)
        traffic = Traffic(keys.app_secret, time.time_ns() // 1_000_000)
        await _load(server, traffic, _WARM_UP, seconds)
        before = _cpu(children, client)
        events = await _load(server, traffic, _EVENTS, seconds)
        for name, used in _cpu(children, client).items():
            print(f"{name:10} {(used - before[name]) / events * 1e6:7.0f} µs CPU per event")
        print(f"{events} events, {sink.repeated} repeated")


async def start_role(stack: AsyncExitStack, role: str, url: str, port: int, keys: Keys) -> Child:
    """A gateway on this store, in one role or in all; ended with the stack. Raises NotStarted."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"bench-{role}-")))
    environment = {
        "GATEWAY_STORE": url,
        "GATEWAY_PORT": str(port),
        "GATEWAY_ADMIN_KEY": keys.admin_key,
        "GATEWAY_APP_SECRETS": keys.app_secret,
        "GATEWAY_VERIFY_TOKEN": keys.verify_token,
        "GATEWAY_ENCRYPTION_KEY": keys.encryption_key,
        "GATEWAY_ALLOW_NETWORKS": "127.0.0.0/8",
        "GATEWAY_LOG_LEVEL": "warning",
    }
    child = await Child.start(("gateway", "serve", "--role", role), environment, directory)
    stack.push_async_callback(child.stop)
    await listening(child, port)
    return child


async def _load(server: Server, traffic: Traffic, count: int, seconds: float) -> int:
    """How many events arrived."""
    server.sink.clear()
    async with Closed(server.port, traffic.requests(count), server.sink, _WINDOW) as load:
        await load.run(seconds)
    await server.sink.received(len(load.accepted), _DRAIN_S)
    return len(server.sink.arrivals)


def _cpu(children: Mapping[str, Child], client: redis.Redis) -> dict[str, float]:
    """Seconds so far, by process."""
    facts = client.info("cpu")
    used = {role: child.cpu_s() or 0.0 for role, child in children.items()}
    return used | {"redis": float(facts["used_cpu_user"]) + float(facts["used_cpu_sys"])}


if __name__ == "__main__":
    main()
