"""What the pure part costs per envelope, beside `json.loads` of the same bytes."""

import json
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from msgspec import Struct

from adapters import ADAPTERS
from adapters.base import Adapter, Decoded, Inbound, Secrets
from adapters.event import Event, encode
from bench.plan import Plan
from bench.traffic import Traffic

_ENVELOPES = 500


class Decode(Struct, frozen=True, kw_only=True):
    """Microseconds per envelope of one platform."""

    platform: str
    loads_us: float
    """`json.loads`, which a plain gateway starts with."""
    verify_us: float
    decode_us: float
    """Decode and normalise."""
    encode_us: float
    ratio: float
    """The three together against `json.loads`."""


def decode(platform: str, plan: Plan) -> Decode:
    """Time each step over the same envelopes, the steps taking turns."""
    adapter = ADAPTERS[platform]
    secrets = Secrets(app_secrets=("an app secret of 32 characters..",), verify_token="")
    traffic = Traffic(secrets.app_secrets[0], 1_790_000_000_000, (platform,))
    inbounds = [_inbound(traffic, number) for number in range(_ENVELOPES)]
    events = [event for inbound in inbounds for event in _events(adapter, inbound)]
    steps: list[tuple[Callable[[Any], object], Sequence[Any]]] = [
        (json.loads, [inbound.body for inbound in inbounds]),
        (lambda inbound: adapter.verify(inbound, secrets), inbounds),
        (adapter.decode, inbounds),
        (encode, events),
    ]
    rounds = [[_microseconds(*step) for step in steps] for _ in range(plan.decode_rounds)]
    loads, verified, decoded, encoded = (median(column) for column in zip(*rounds, strict=True))
    return Decode(
        platform=platform,
        loads_us=loads,
        verify_us=verified,
        decode_us=decoded,
        encode_us=encoded,
        ratio=(verified + decoded + encoded) / loads,
    )


def _inbound(traffic: Traffic, number: int) -> Inbound:
    body = traffic.envelope(number)[1]
    headers = (
        (b"host", b"127.0.0.1"),
        (b"user-agent", b"facebookexternalua"),
        (b"content-type", b"application/json"),
        (b"x-hub-signature-256", traffic.signature(body)),
    )
    return Inbound(body, headers)


def _events(adapter: Adapter, inbound: Inbound) -> list[Event]:
    return [item.event for item in adapter.decode(inbound) if isinstance(item, Decoded)]


def _microseconds(step: Callable[[Any], object], values: Sequence[Any]) -> float:
    started = perf_counter()
    for value in values:
        step(value)
    return (perf_counter() - started) / _ENVELOPES * 1e6
