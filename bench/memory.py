"""What queued events cost in memory while the receiver is down."""

import time

from msgspec import Struct

from bench.load import Closed
from bench.plan import Plan
from bench.servers import Keys, Server, running
from bench.traffic import Traffic

_WARM_UP_EVENTS = 200
_CHUNK = 10_000


class Memory(Struct, frozen=True, kw_only=True):
    """Growth of the resident memory of one server. None where the system has no /proc."""

    server: str
    queued: int
    before_mb: float | None
    after_mb: float | None
    mb_per_100k: float | None


async def memory(name: str, keys: Keys, traffic: Traffic, plan: Plan) -> Memory:
    """Start a fresh server, take its receiver away and send events to it."""
    async with running(name, keys) as server:
        await _send(server, traffic, _WARM_UP_EVENTS, plan.memory_seconds)
        await server.sink.received(_WARM_UP_EVENTS, plan.memory_seconds)
        await server.sink.close()
        before = _megabytes(server)
        deadline, queued = time.monotonic() + plan.memory_seconds, 0
        while queued < plan.queued and (left := deadline - time.monotonic()) > 0:
            queued += await _send(server, traffic, min(_CHUNK, plan.queued - queued), left)
        after = _megabytes(server)
    grown = None if before is None or after is None or not queued else after - before
    return Memory(
        server=name,
        queued=queued,
        before_mb=before,
        after_mb=after,
        mb_per_100k=None if grown is None else grown / queued * 100_000,
    )


async def _send(server: Server, traffic: Traffic, count: int, seconds: float) -> int:
    async with Closed(server.port, traffic.requests(count), server.sink, window=count * 2) as load:
        await load.run(seconds)
    return len(load.accepted)


def _megabytes(server: Server) -> float | None:
    resident = server.child.resident_bytes()
    return None if resident is None else resident / 1e6
