"""The rows: what goes wrong, on which store, and what may be lost where the store itself loses data."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

from msgspec import Struct

from tests.chaos import faults, grounds
from tests.chaos.figures import Figures, missing
from tests.chaos.grounds import Ground
from tests.chaos.scene import Scene, scene

Fault = Callable[[Scene], Awaitable[None]]
MakeGround = Callable[[Path], AbstractAsyncContextManager[Ground]]


class Row(Struct, frozen=True, kw_only=True):
    """One run: a fault on a store, under load."""

    name: str
    store: str
    ground: MakeGround
    fault: Fault
    bound: str = "nothing may be lost"
    """What may be lost, where the store itself may lose it."""


class Result(Struct, frozen=True, kw_only=True):
    """What a run gave."""

    row: Row
    figures: Figures
    repeated: int
    """Webhooks that Meta had to send again."""
    excused: int
    """Messages that were accepted in the time whose data the store may lose."""
    unexcused: int
    """Lost deliveries of other messages."""

    @property
    def holds(self) -> bool:
        """Whether the run kept every promise."""
        return not (self.unexcused or self.figures.disordered or self.figures.other_ids)


_EVERYWHERE: tuple[tuple[str, Fault], ...] = (
    ("SIGKILL of a process that takes webhooks", faults.kill_ingest),
    ("SIGKILL of a process that delivers", faults.kill_dispatcher),
    ("SIGSTOP beyond the lease, SIGCONT", faults.stop_beyond_lease),
    ("SIGTERM of every process in turn", faults.terminate),
    ("clock of a process that delivers: +1 h, back, -1 h, back", faults.clock_jumps),
    ("a receiver down for 5 s", faults.receiver_down),
    ("a receiver slower than its deadline for 5 s", faults.receiver_slow),
)
_TAIL = (
    "what was accepted in the last second before\n"
    "  the power failed (`appendfsync everysec`): Meta has its 200 and sends none of it again"
)
_REPLICATION = (
    "what had not reached the replica:\n"
    "  replication is asynchronous. At most `min-replicas-max-lag` s where `min-replicas-to-write 1` is set"
)
_ALWAYS = partial(grounds.redis, appendfsync="always")

ROWS = (
    *(
        Row(name=name, store="SQLite", ground=grounds.sqlite, fault=fault)
        for name, fault in _EVERYWHERE
        if fault is not faults.kill_dispatcher  # one process does both
    ),
    Row(name="disk full for 3 s", store="SQLite", ground=grounds.sqlite, fault=faults.disk_full),
    *(Row(name=name, store="Redis", ground=grounds.redis, fault=fault) for name, fault in _EVERYWHERE),
    Row(name="SIGKILL of Redis", store="Redis", ground=grounds.redis, fault=faults.kill_redis),
    Row(name="restart of Redis", store="Redis", ground=grounds.redis, fault=faults.restart_redis),
    Row(name="SIGKILL of Redis", store="Redis, fsync always", ground=_ALWAYS, fault=faults.kill_redis),
    Row(
        name="power failure: the last second of the append-only file is gone",
        store="Redis",
        ground=grounds.redis,
        fault=faults.lose_tail,
        bound=_TAIL,
    ),
    Row(name="maxmemory reached for 3 s", store="Redis", ground=grounds.redis, fault=faults.memory_full),
    Row(
        name="all connections cut, 5 times",
        store="Redis",
        ground=grounds.redis_behind_proxy,
        fault=faults.cut,
    ),
    Row(
        name="half-open connections for 8 s",
        store="Redis",
        ground=grounds.redis_behind_proxy,
        fault=faults.half_open,
    ),
    Row(
        name="master dies, its replica takes over",
        store="Redis, Sentinel",
        ground=grounds.redis_sentinel,
        fault=faults.sentinel_failover,
        bound=_REPLICATION,
    ),
    Row(
        name="master dies, its replica takes over",
        store="Redis, Cluster",
        ground=grounds.redis_cluster,
        fault=faults.cluster_failover,
        bound=_REPLICATION,
    ),
)


async def run(row: Row, folder: Path) -> Result:
    """Play one row. Raises TimeoutError where the gateway does not come back to rest."""
    async with row.ground(folder) as ground, scene(folder, ground) as made:
        await row.fault(made)
        figures = await made.end()
    excused = set(made.excused)
    lost = [missing(made.meta.accepted, customer.arrivals) for customer in made.customers]
    return Result(
        row=row,
        figures=figures,
        repeated=made.meta.repeated,
        excused=len(excused),
        unexcused=sum(len(of_one - excused) for of_one in lost),
    )


def play(row: Row, folder: Path) -> Result:
    """The same, in an event loop of its own."""
    return asyncio.run(run(row, folder))
