"""Hours of ordinary trouble: load with a fault every 20 s, and what was lost, and how memory grew.

python -m tests.chaos.soak --minutes 30 --store redis
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

from msgspec import Struct

from tests.chaos import grounds
from tests.chaos.figures import Figures
from tests.chaos.fleet import Fleet, Member
from tests.chaos.matrix import MakeGround
from tests.chaos.scene import Scene, scene

BETWEEN_SECONDS = 20.0
SHARE = 0.6
"""Of the load that was taken without a pause."""
_PROBE_SECONDS = 5.0
_GROUNDS: dict[str, MakeGround] = {"sqlite": grounds.sqlite, "redis": grounds.redis}

Trouble = Callable[[Scene], Awaitable[None]]


class Soaked(Struct, frozen=True, kw_only=True):
    """What a soak gave."""

    seconds: float
    per_second: float
    faults: int
    figures: Figures
    megabytes: tuple[float, ...]
    """Memory of all processes of the gateway together, before each fault."""

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, and nothing came in the wrong order or under another id."""
        figures = self.figures
        return not (figures.lost or figures.disordered or figures.other_ids)


async def _crash(scene: Scene, member: Member) -> None:
    member.kill()
    await scene.meta.go_on(1)
    await member.restart()


async def crash_receiving(scene: Scene) -> None:
    """A process that takes webhooks dies and comes back."""
    await _crash(scene, scene.fleet.ingest[0])


async def crash_delivering(scene: Scene) -> None:
    """A process that delivers dies and comes back."""
    await _crash(scene, scene.fleet.deliver[0])


async def customer_gone(scene: Scene) -> None:
    """One customer is away for three seconds."""
    await scene.customers[0].down()
    await scene.meta.go_on(3)
    await scene.customers[0].up()


async def customer_slow(scene: Scene) -> None:
    """One customer misses its deadline for three seconds."""
    scene.customers[1].hold_seconds = 3.0
    await scene.meta.go_on(3)
    scene.customers[1].hold_seconds = 0.0


async def redis_killed(scene: Scene) -> None:
    """Redis dies and comes back."""
    for one in scene.ground.servers:
        one.kill()
        await scene.meta.go_on(1)
        await asyncio.to_thread(one.start)


TROUBLES: tuple[Trouble, ...] = (
    crash_receiving,
    customer_gone,
    crash_delivering,
    customer_slow,
    redis_killed,
)


async def soak(make: MakeGround, folder: Path, minutes: float) -> Soaked:
    """Find out what is taken without a pause, then take a share of that, with faults."""
    pause = await _pause_seconds(make, folder / "probe")
    async with make(folder / "soak") as ground, scene(folder / "soak", ground, pause) as made:
        began, megabytes, faults = monotonic(), [], 0
        for trouble in itertools.cycle(TROUBLES if ground.servers else TROUBLES[:-1]):
            await made.meta.go_on(BETWEEN_SECONDS)
            megabytes.append(_megabytes(made.fleet))
            if monotonic() - began >= minutes * 60:
                break
            await trouble(made)
            faults += 1
        accepted, seconds = len(made.meta.accepted), monotonic() - began
        figures = await made.end()
    return Soaked(
        seconds=seconds,
        per_second=accepted / seconds,
        faults=faults,
        figures=figures,
        megabytes=tuple(megabytes),
    )


async def _pause_seconds(make: MakeGround, folder: Path) -> float:
    """How long a person has to wait between messages so that all together make the wanted load."""
    async with make(folder) as ground, scene(folder, ground, pause_seconds=0.0) as made:
        await made.meta.go_on(_PROBE_SECONDS)
        per_second = len(made.meta.accepted) / _PROBE_SECONDS
        await made.end()
    people = made.meta.people
    round_trip = people / per_second
    return people / (SHARE * per_second) - round_trip


def _megabytes(fleet: Fleet) -> float:
    """Resident memory, where there is /proc."""
    found = 0.0
    for member in fleet.members:
        status = Path(f"/proc/{member.process_id}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        found += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
    return found


def main() -> int:
    """0 if nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--store", choices=_GROUNDS, default="redis")
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        soaked = asyncio.run(soak(_GROUNDS[parsed.store], Path(folder), parsed.minutes))
    sys.stdout.write(
        f"{parsed.store}: {soaked.seconds / 60:.1f} minutes, {soaked.per_second:.0f} messages/s, "
        f"{soaked.faults} faults, {soaked.figures}\n"
        f"memory before each fault, MB: {', '.join(f'{one:.0f}' for one in soaked.megabytes)}\n"
    )
    return 0 if soaked.holds else 1


if __name__ == "__main__":
    sys.exit(main())
