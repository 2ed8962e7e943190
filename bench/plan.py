"""How much is measured: every part is bounded in count and in time."""

from msgspec import Struct


class Plan(Struct, frozen=True, kw_only=True):
    """The sizes of a run; the defaults take up to four minutes."""

    warm_up_seconds: float = 3
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
    decode_rounds: int = 25


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
    decode_rounds=5,
)
"""A look in less than 40 seconds; too short to quote."""

CALIBRATION = Plan(warm_up_seconds=1, rounds=1, turn_seconds=2, turn_events=15_000)
"""Enough to choose the rate for latencies when throughput itself is not asked for."""
