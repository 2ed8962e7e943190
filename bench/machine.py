"""What was measured on: figures without it cannot be compared."""

import os
import platform
import sqlite3
import tempfile
from statistics import median
from time import perf_counter

from msgspec import Struct

from bench.child import LOAD_CORE, SERVER_CORE

_SYNCS = 50


class Machine(Struct, frozen=True, kw_only=True):
    """The machine and the versions that matter."""

    system: str
    python: str
    sqlite: str
    server_core: int | None
    load_core: int | None
    fsync_ms: float
    """Median of writing 4 KiB and syncing it where the stores lie: the price of a durable commit."""


def machine() -> Machine:
    """Look, and try the disk."""
    return Machine(
        system=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=sqlite3.sqlite_version,
        server_core=SERVER_CORE,
        load_core=LOAD_CORE,
        fsync_ms=_fsync_ms(),
    )


def _fsync_ms() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_SYNCS):
            file.write(bytes(4096))
            file.flush()
            started = perf_counter()
            os.fsync(file.fileno())
            times.append(perf_counter() - started)
    return median(times) * 1e3
