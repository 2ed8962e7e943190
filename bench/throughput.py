"""Events per second from the signed envelope to the sink, the servers taking turns."""

import gc
import time
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from bench.load import Closed
from bench.plan import Plan
from bench.servers import Server
from bench.traffic import PEOPLE, Request, Traffic

_DRAIN_S = 20


class Turn(Struct, frozen=True, kw_only=True):
    """One server under full load, once."""

    per_second: float
    """Distinct events at the sink, from the first byte sent to the last arrival."""
    events: int
    cpu_us: float | None
    """Processor time of the server per event, in microseconds."""
    load_busy: float
    """Share of its own core that the load side used: near 1 means that the server could do more."""
    refused: int
    """Answers other than 200."""
    lost: int
    """Acknowledged but not delivered when the turn ended."""
    repeated: int
    checked: int
    """Signatures that the sink verified …"""
    forged: int
    """… and how many of them were wrong."""


class Capacity(Struct, frozen=True, kw_only=True):
    """All turns of one server."""

    server: str
    per_second: float
    """The median of the turns."""
    cpu_us: float | None
    turns: tuple[Turn, ...]


class Throughput(Struct, frozen=True, kw_only=True):
    """What the servers did, and the gateway against each other one: the median over the rounds."""

    capacities: tuple[Capacity, ...]
    ratios: dict[str, float]


async def throughput(servers: Sequence[Server], traffic: Traffic, plan: Plan) -> Throughput:
    """Give every server the same messages in turn, round by round.

    Before the rounds everybody writes once, as far as there is time, so that they measure conversations
    under way and not first contacts.
    """
    introductions = traffic.requests(PEOPLE)
    for server in servers:
        await full_load(server, introductions, plan.warm_up_seconds, plan.window)
    rounds = []
    for _ in range(plan.rounds):
        batch = traffic.requests(plan.turn_events)
        rounds.append([await full_load(server, batch, plan.turn_seconds, plan.window) for server in servers])
    turns = dict(zip((server.name for server in servers), zip(*rounds, strict=True), strict=True))
    capacities = tuple(_capacity(name, taken) for name, taken in turns.items())
    return Throughput(capacities=capacities, ratios=_ratios(turns))


async def full_load(server: Server, requests: Sequence[Request], seconds: float, window: int) -> Turn:
    """One server at its capacity."""
    sink = server.sink
    sink.clear()
    gc.collect()
    cpu, own_cpu, started = server.child.cpu_s(), time.process_time(), time.monotonic()
    async with Closed(server.port, requests, sink, window) as load:
        await load.run(seconds)
    await sink.received(len(load.accepted), _DRAIN_S)
    ended = max(sink.arrivals.values(), default=time.monotonic())
    cpu_used, events = server.child.cpu_s(), len(sink.arrivals)
    return Turn(
        per_second=events / (ended - started),
        events=events,
        cpu_us=(cpu_used - cpu) / events * 1e6
        if cpu_used is not None and cpu is not None and events
        else None,
        load_busy=(time.process_time() - own_cpu) / (time.monotonic() - started),
        refused=load.refused,
        lost=len(load.accepted.keys() - sink.arrivals.keys()),
        repeated=sink.repeated,
        checked=sink.checked,
        forged=sink.forged,
    )


def _capacity(name: str, turns: tuple[Turn, ...]) -> Capacity:
    known = [turn.cpu_us for turn in turns if turn.cpu_us is not None]
    return Capacity(
        server=name,
        per_second=median(turn.per_second for turn in turns),
        cpu_us=median(known) if known else None,
        turns=turns,
    )


def _ratios(turns: dict[str, tuple[Turn, ...]]) -> dict[str, float]:
    if "gateway" not in turns:
        return {}
    return {
        f"gateway/{name}": median(
            mine.per_second / its.per_second for mine, its in zip(turns["gateway"], others, strict=True)
        )
        for name, others in turns.items()
        if name != "gateway"
    }
