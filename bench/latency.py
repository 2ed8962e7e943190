"""How long an event takes at half of the gateway's capacity, counted from its scheduled moment."""

from collections.abc import Iterable, Sequence
from statistics import median

from msgspec import Struct

from bench.load import Open
from bench.plan import Plan
from bench.servers import Server
from bench.throughput import Capacity
from bench.traffic import Traffic

_DRAIN_S = 10


class Spread(Struct, frozen=True, kw_only=True):
    """Milliseconds that half and 99 of 100 events did not exceed."""

    p50: float
    p99: float


class Latency(Struct, frozen=True, kw_only=True):
    """One server at a constant rate; of several rounds the median of each figure."""

    server: str
    per_second: float
    accept: Spread
    """Until the 200."""
    delivery: Spread
    """Until the event is at the sink."""
    generator: Spread
    """How late the load generator itself was; it is part of both."""
    unanswered: int
    """Refused, or acknowledged and not at the sink in time."""


async def latency(
    servers: Sequence[Server], traffic: Traffic, capacities: Sequence[Capacity], plan: Plan
) -> list[Latency]:
    """Every server in turn, round by round.

    One that cannot do half of the gateway's capacity gets half of its own: above its capacity its
    latencies would only tell how long the measurement lasted.
    """
    known = {capacity.server: capacity.per_second for capacity in capacities}
    ceiling = known.get("gateway", float("inf"))
    rates = [(server, min(known[server.name], ceiling) / 2) for server in servers]
    rounds = []
    for _ in range(plan.rounds):
        rounds.append([await _turn(server, traffic, rate, plan.latency_seconds) for server, rate in rates])
    return [_middle(taken) for taken in zip(*rounds, strict=True)]


async def _turn(server: Server, traffic: Traffic, rate: float, seconds: float) -> Latency:
    sink = server.sink
    sink.clear()
    async with Open(server.port, traffic.requests(max(1, int(rate * seconds))), rate) as load:
        await load.run()
    await sink.received(len(load.accepted), _DRAIN_S)
    return Latency(
        server=server.name,
        per_second=rate,
        accept=spread(at - load.due[n] for n, at in load.accepted.items()),
        delivery=spread(at - load.due[n] for n, at in sink.arrivals.items()),
        generator=spread(load.lateness),
        unanswered=load.refused + len(load.accepted.keys() - sink.arrivals.keys()),
    )


def spread(seconds: Iterable[float]) -> Spread:
    """Of durations in seconds."""
    ordered = sorted(seconds) or [float("nan")]
    return Spread(p50=ordered[len(ordered) // 2] * 1e3, p99=ordered[len(ordered) * 99 // 100] * 1e3)


def _middle(turns: Sequence[Latency]) -> Latency:
    def middle(spreads: Sequence[Spread]) -> Spread:
        return Spread(p50=median(s.p50 for s in spreads), p99=median(s.p99 for s in spreads))

    return Latency(
        server=turns[0].server,
        per_second=turns[0].per_second,
        accept=middle([turn.accept for turn in turns]),
        delivery=middle([turn.delivery for turn in turns]),
        generator=middle([turn.generator for turn in turns]),
        unanswered=sum(turn.unanswered for turn in turns),
    )
