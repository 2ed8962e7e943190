"""What receivers that hang, fail and drip do to the others, phases with and without them in turn.

The customers of the bad receivers get ten times the traffic of the others, on top of theirs. Where the bad
ones are left out, their endpoints are paused; what waits for them meanwhile goes out with the next
phase, on top of what comes then.
"""

import asyncio
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from bench.latency import Spread, spread
from bench.load import Closed, Open
from bench.plan import Plan
from bench.servers import Keys, Server
from bench.sink import Sink
from bench.tenants import Tenants, serving_tenants
from bench.traffic import Request

_DRAIN_S = 10
_SETTLE_S = 1
_WINDOW = 128


class Phase(Struct, frozen=True, kw_only=True):
    """The receivers that behave, for some seconds."""

    bad: bool
    """Whether the others took part."""
    events: int
    """To the receivers that behave."""
    accepted: Spread
    """From the moment of acceptance (the 200) to the arrival."""
    scheduled: Spread
    """From the moment for which the request was scheduled, however late it was sent, to the arrival."""
    refused: int
    lost: int
    """Acknowledged, and not at the receiver when the phase ended."""
    repeated: int
    disordered: int
    """Arrivals before an earlier message of the same conversation."""


class Isolation(Struct, frozen=True, kw_only=True):
    """All phases, and p99 with the bad receivers against p99 without: the medians over the phases."""

    endpoints: int
    bad: int
    per_second: float
    """Events to the receivers that behave."""
    bad_per_second: float
    """And to the others, where they take part."""
    phases: tuple[Phase, ...]
    accepted_ratio: float
    scheduled_ratio: float


async def isolation(keys: Keys, plan: Plan) -> Isolation:
    """Measure. Raises NotStarted, OSError."""
    bad = plan.misbehaving
    async with serving_tenants(plan.endpoints - 3 * bad, bad, keys) as (server, crowd, tenants):
        await tenants.switch(server, keys, "paused")
        rate = plan.isolation_load * await _capacity(server, tenants, plan)
        phases = []
        for _ in range(plan.isolation_rounds):
            phases.append(await _without(server, tenants, rate, plan.isolation_seconds))
            await tenants.switch(server, keys, "active")
            phases.append(await _with(server, tenants, rate, plan.isolation_seconds))
            await tenants.switch(server, keys, "paused")
            await crowd.let_go()
            await asyncio.sleep(_SETTLE_S)
        return Isolation(
            endpoints=plan.endpoints,
            bad=tenants.bad,
            per_second=rate,
            bad_per_second=rate / tenants.share - rate,
            phases=tuple(phases),
            accepted_ratio=_ratio(phases, [phase.accepted.p99 for phase in phases]),
            scheduled_ratio=_ratio(phases, [phase.scheduled.p99 for phase in phases]),
        )


async def _capacity(server: Server, tenants: Tenants, plan: Plan) -> float:
    """Events per second under full load, in which everybody writes for the first time."""
    sink = server.sink
    requests = tenants.healthy(plan.introductions)
    async with Closed(server.port, requests, sink, _WINDOW) as load:
        await load.run(plan.introduction_seconds)
    await sink.received(len(load.accepted), _DRAIN_S)
    return len(sink.arrivals) / (max(sink.arrivals.values()) - min(load.sent.values()))


async def _without(server: Server, tenants: Tenants, rate: float, seconds: float) -> Phase:
    return await _phase(server, tenants, tenants.healthy(int(rate * seconds)), rate, bad=False)


async def _with(server: Server, tenants: Tenants, rate: float, seconds: float) -> Phase:
    whole = rate / tenants.share
    return await _phase(server, tenants, tenants.traffic.requests(int(whole * seconds)), whole, bad=True)


async def _phase(
    server: Server, tenants: Tenants, requests: Sequence[Request], rate: float, *, bad: bool
) -> Phase:
    sink = server.sink
    sink.clear()
    async with Open(server.port, requests, rate) as load:
        await load.run()
    accepted = {number: at for number, at in load.accepted.items() if tenants.for_healthy(number)}
    await sink.received(len(accepted), _DRAIN_S)
    arrivals = sink.arrivals
    return Phase(
        bad=bad,
        events=len(accepted),
        # The event may be at the receiver before its 200 is read: that is no delay at all.
        accepted=spread(max(0.0, arrivals[n] - at) for n, at in accepted.items() if n in arrivals),
        scheduled=spread(at - load.due[n] for n, at in arrivals.items()),
        refused=load.refused,
        lost=len(accepted.keys() - arrivals.keys()),
        repeated=sink.repeated,
        disordered=_disordered(sink, tenants),
    )


def _disordered(sink: Sink, tenants: Tenants) -> int:
    newest: dict[int, int] = {}
    count = 0
    for number in sink.arrivals:  # in the order in which they came
        person = tenants.traffic.person(number)
        count += number < newest.get(person, 0)
        newest[person] = max(number, newest.get(person, 0))
    return count


def _ratio(phases: Sequence[Phase], p99s: Sequence[float]) -> float:
    alone = median(p99 for phase, p99 in zip(phases, p99s, strict=True) if not phase.bad)
    together = median(p99 for phase, p99 in zip(phases, p99s, strict=True) if phase.bad)
    return together / alone
