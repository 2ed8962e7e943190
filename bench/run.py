"""Measure the gateway against a plain pipeline and a raw relay, in one interleaved run."""

import argparse
import asyncio
import signal
import sys
import time
from contextlib import AsyncExitStack

import msgspec
import uvloop

from bench.child import LOAD_CORE, pinned
from bench.claim import claim
from bench.decode import Decode, decode
from bench.identity import identity
from bench.isolation import isolation
from bench.latency import Latency, latency
from bench.machine import machine
from bench.memory import Memory, memory
from bench.plan import CALIBRATION, QUICK, Plan
from bench.report import Results, text
from bench.servers import NAMES, NotStarted, new_keys, running
from bench.throughput import Throughput, throughput
from bench.traffic import PLATFORMS, Traffic

PARTS = ("throughput", "latency", "memory", "claim", "identity", "decode", "isolation")
_QUEUING = ("plain", "gateway")
"""The relay keeps nothing, so there is nothing to weigh."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure, of whom, with which messages."""

    parts: tuple[str, ...] = PARTS
    servers: tuple[str, ...] = NAMES
    platforms: tuple[str, ...] = PLATFORMS
    plan: Plan = Plan()


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the benchmark takes on the command line."""
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part (may be repeated)")
    parser.add_argument("--without", action="append", choices=NAMES, default=[], help="leave a server out")
    parser.add_argument("--platform", choices=PLATFORMS, help="messages of one platform instead of all three")
    parser.add_argument("--quick", action="store_true", help="a look in a minute; too short to quote")
    parser.add_argument("--rounds", type=int, help="how often the servers take turns")
    parser.add_argument("--window", type=int, help="the most events on their way at once under full load")
    parser.add_argument("--json", action="store_true", help="print the results as one JSON object")


def run(parsed: argparse.Namespace) -> int:
    """Measure and print. Returns 0, or 1 if a server failed or the run was interrupted."""
    with pinned(LOAD_CORE):
        try:
            results = uvloop.run(measure(choice(parsed)))
        except (NotStarted, OSError) as error:
            print(f"bench: {type(error).__name__}: {error}", file=sys.stderr)
            return 1
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("bench: interrupted; the servers are ended, their files removed", file=sys.stderr)
            return 1
    print(msgspec.json.encode(results).decode() if parsed.json else text(results))
    return 0


def choice(parsed: argparse.Namespace) -> Choice:
    """What a command line asks for."""
    plan = QUICK if parsed.quick else Plan()
    sizes = {"rounds": parsed.rounds, "window": parsed.window}
    plan = msgspec.structs.replace(plan, **{name: size for name, size in sizes.items() if size})
    return Choice(
        parts=tuple(parsed.only or PARTS),
        servers=tuple(name for name in NAMES if name not in parsed.without),
        platforms=(parsed.platform,) if parsed.platform else PLATFORMS,
        plan=plan,
    )


async def measure(choice: Choice) -> Results:
    """All chosen parts, one after the other. Raises NotStarted, OSError."""
    # Cancelled, the servers are ended and their files removed; a plain SIGTERM would leave both.
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await _Run(choice).results()


class _Run:
    """One benchmark: the choice, its secrets and its messages."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._plan = choice.plan
        self._keys = new_keys()
        self._traffic = Traffic(self._keys.app_secret, time.time_ns() // 1_000_000, choice.platforms)

    async def results(self) -> Results:
        rates, delays = await self._under_load()
        return Results(
            machine=machine(),
            throughput=rates,
            latency=delays,
            memory=await self._memories(),
            claim=tuple(await claim(self._plan)) if self._wants("claim") else (),
            identity=tuple(await identity(self._plan)) if self._wants("identity") else (),
            decode=self._decodes(),
            isolation=await isolation(self._keys, self._plan) if self._wants("isolation") else None,
        )

    def _wants(self, part: str) -> bool:
        """Whether this part is chosen; says so, for the whole takes minutes."""
        chosen = part in self._choice.parts
        if chosen:
            print(f"{part} …", file=sys.stderr, flush=True)
        return chosen

    async def _under_load(self) -> tuple[Throughput | None, tuple[Latency, ...]]:
        if not {"throughput", "latency"} & set(self._choice.parts):
            return None, ()
        async with AsyncExitStack() as stack:
            names = self._choice.servers
            servers = [await stack.enter_async_context(running(name, self._keys)) for name in names]
            wanted = self._wants("throughput")
            rates = await throughput(servers, self._traffic, self._plan if wanted else CALIBRATION)
            if not self._wants("latency"):
                return rates, ()
            delays = await latency(servers, self._traffic, rates.capacities, self._plan)
            return (rates if wanted else None), tuple(delays)

    async def _memories(self) -> tuple[Memory, ...]:
        if not self._wants("memory"):
            return ()
        names = [name for name in self._choice.servers if name in _QUEUING]
        return tuple([await memory(name, self._keys, self._traffic, self._plan) for name in names])

    def _decodes(self) -> tuple[Decode, ...]:
        if not self._wants("decode"):
            return ()
        return tuple(decode(platform, self._plan) for platform in self._choice.platforms)
