"""The results, as tables for people."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bench.claim import Claim
from bench.decode import Decode
from bench.identity import Lookup
from bench.isolation import Isolation
from bench.latency import Latency, Spread
from bench.machine import Machine
from bench.memory import Memory
from bench.throughput import Capacity, Throughput


class Results(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that one run measured."""

    machine: Machine
    throughput: Throughput | None = None
    latency: tuple[Latency, ...] = ()
    memory: tuple[Memory, ...] = ()
    claim: tuple[Claim, ...] = ()
    identity: tuple[Lookup, ...] = ()
    decode: tuple[Decode, ...] = ()
    isolation: Isolation | None = None


def text(results: Results) -> str:
    """The whole report."""
    sections = [_machine(results.machine)]
    if results.throughput:
        sections.append(_throughput(results.throughput))
    if results.latency:
        sections.append(_latency(results.latency))
    if results.memory:
        sections.append(_memory(results.memory))
    if results.claim:
        sections.append(_claim(results.claim))
    if results.identity:
        sections.append(_identity(results.identity))
    if results.decode:
        sections.append(_decode(results.decode))
    if results.isolation:
        sections.append(_isolation(results.isolation))
    return "\n\n".join(sections)


def _machine(machine: Machine) -> str:
    if machine.server_core is None:
        placed = "servers and load share all cores"
    else:
        placed = f"servers on core {machine.server_core}, load and sink on core {machine.load_core}"
    versions = f"{machine.python}, SQLite {machine.sqlite}"
    return f"{machine.system}; {versions}; {placed}; fsync {machine.fsync_ms:.2f} ms"


def _throughput(throughput: Throughput) -> str:
    title = "Throughput: signed envelope in, event at the sink (SQLite synchronous=FULL, relay: no store)"
    header = "server|events/s|lowest|highest|CPU µs/event|load busy|not 200|lost|repeated|signatures"
    rows = [_capacity(capacity) for capacity in throughput.capacities]
    ratios = [f"{pair} = {ratio:.3g}" for pair, ratio in throughput.ratios.items()]
    return "\n".join([title, *_table(header, rows), *(["   ".join(ratios)] if ratios else [])])


def _capacity(capacity: Capacity) -> list[str]:
    turns = capacity.turns
    rates = [turn.per_second for turn in turns]
    counts = [
        str(sum(column)) for column in zip(*((t.refused, t.lost, t.repeated) for t in turns), strict=True)
    ]
    checked, forged = sum(turn.checked for turn in turns), sum(turn.forged for turn in turns)
    busy = max(turn.load_busy for turn in turns)
    signatures = f"{checked} checked, {forged} wrong" if checked else "none"
    figures = [f"{rate:,.0f}" for rate in (capacity.per_second, min(rates), max(rates))]
    return [capacity.server, *figures, _number(capacity.cpu_us), f"{busy:.0%}", *counts, signatures]


def _latency(latencies: Sequence[Latency]) -> str:
    title = (
        "Latency in ms, p50 / p99, from the scheduled moment, at half of the gateway's (or its own) capacity"
    )
    header = "server|events/s|accept|delivery|generator's share|unanswered"
    return "\n".join([title, *_table(header, [_delay(latency) for latency in latencies])])


def _delay(latency: Latency) -> list[str]:
    spreads = [_spread(spread) for spread in (latency.accept, latency.delivery, latency.generator)]
    return [latency.server, f"{latency.per_second:,.0f}", *spreads, str(latency.unanswered)]


def _spread(spread: Spread) -> str:
    return f"{spread.p50:.1f} / {spread.p99:.1f}"


def _memory(memories: Sequence[Memory]) -> str:
    title = "Memory with the receiver down"
    header = "server|queued|before MB|after MB|MB per 100,000"
    rows = [
        [m.server, f"{m.queued:,}", *map(_number, (m.before_mb, m.after_mb, m.mb_per_100k))] for m in memories
    ]
    return "\n".join([title, *_table(header, rows)])


def _claim(claims: Sequence[Claim]) -> str:
    title = "Claim and finish, µs per delivery, in batches of 64 to 20 endpoints"
    rows = [
        [f"{c.pending:,}", *map(_number, (c.claim_us, c.finish_us, c.claim_us + c.finish_us))] for c in claims
    ]
    return "\n".join([title, *_table("pending|claim|finish|together", rows)])


def _identity(lookups: Sequence[Lookup]) -> str:
    title = "Finding one person, µs of CPU: before sending, for the API, when they write"
    rows = [
        [
            f"{one.contacts:,}",
            *map(_number, (one.recipient_us, one.addressee_us, one.contact_us, one.message_us)),
        ]
        for one in lookups
    ]
    return "\n".join([title, *_table("contacts|recipient|addressee|contact|message", rows)])


def _decode(decodes: Sequence[Decode]) -> str:
    title = "The pure part, µs per envelope of one message"
    header = "platform|json.loads|verify|decode + normalise|encode|sum / json.loads"
    rows = [
        [d.platform, *map(_number, (d.loads_us, d.verify_us, d.decode_us, d.encode_us)), f"{d.ratio:.2f}"]
        for d in decodes
    ]
    return "\n".join([title, *_table(header, rows)])


def _isolation(isolation: Isolation) -> str:
    each = isolation.bad // 3
    title = (
        f"Isolation: {isolation.endpoints:,} endpoints, of which {each} hang, {each} fail and {each} drip; "
        f"{isolation.per_second:.0f} events/s to the others, {isolation.bad_per_second:.0f} to these"
    )
    header = "the bad ones|events|ms after acceptance|ms after schedule|not 200|lost|repeated|disordered"
    rows = [
        [
            "take part" if phase.bad else "left out",
            f"{phase.events:,}",
            *(_spread(spread) for spread in (phase.accepted, phase.scheduled)),
            *map(str, (phase.refused, phase.lost, phase.repeated, phase.disordered)),
        ]
        for phase in isolation.phases
    ]
    ratios = f"p99 with / without = {isolation.accepted_ratio:.2f} after acceptance, "
    return "\n".join(
        [title, *_table(header, rows), f"{ratios}{isolation.scheduled_ratio:.2f} after schedule"]
    )


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"


def _table(header: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Aligned columns: the first to the left, figures to the right."""
    lines = [header.split("|"), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"  {first.ljust(widths[0])}", *cells])
