"""How much is measured: every part is bounded in count and in time."""

from msgspec import Struct


class Plan(Struct, frozen=True, kw_only=True):
    """The sizes of a run; the defaults take up to seven minutes."""

    warm_up_seconds: float = 10
    rounds: int = 3
    turn_seconds: float = 4
    turn_events: int = 30_000
    window: int = 128
    """The most events between the load generator and the sink in a throughput turn."""
    latency_seconds: float = 3
    queued: int = 100_000
    memory_seconds: float = 25
    pending: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    fill_seconds: float = 60
    """How long making pending deliveries may take; then what is there is measured."""
    contacts: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    acquaintance_seconds: float = 60
    """How long making them known may take; then those who are known are looked for."""
    lookup_rounds: int = 9
    decode_rounds: int = 25
    endpoints: int = 1_000
    misbehaving: int = 10
    """So many of them hang, so many fail, so many drip."""
    isolation_rounds: int = 3
    isolation_seconds: float = 18
    """Of each phase: longer than an exchange may last, so that the first hanging ones end within it."""
    isolation_load: float = 0.2
    """Events to the receivers that behave, as a share of what the gateway could do."""
    introductions: int = 5_000
    introduction_seconds: float = 6


QUICK = Plan(
    warm_up_seconds=1,
    rounds=1,
    turn_seconds=2,
    turn_events=15_000,
    latency_seconds=1.5,
    queued=5_000,
    memory_seconds=2,
    pending=(1_000, 20_000),
    fill_seconds=5,
    contacts=(1_000, 10_000),
    acquaintance_seconds=5,
    lookup_rounds=3,
    decode_rounds=5,
    endpoints=200,
    misbehaving=2,
    isolation_rounds=1,
    isolation_seconds=4,
    introductions=1_000,
    introduction_seconds=2,
)
"""A look in less than a minute; too short to quote."""

CALIBRATION = Plan(warm_up_seconds=1, rounds=1, turn_seconds=2, turn_events=15_000)
"""Enough to choose the rate for latencies when throughput itself is not asked for."""
