"""How Redis is doing, as figures for a person to look at."""

from collections.abc import Iterable, Sequence
from typing import Any

from gateway.store.redis.server.safety import Facts

_MIB = 1 << 20
_SPARE = 20
"""A twentieth of the memory is left to what is stored already."""
_COPIED = (
    "role",
    "used_memory",
    "maxmemory",
    "aof_enabled",
    "aof_last_write_status",
    "aof_last_bgrewrite_status",
)


def figures(servers: Sequence[Facts], latency_ms: float) -> dict[str, Any]:
    """One server: its own figures. Several: sums, and what is the matter with any of them.

    `bytes` is the memory in use, `latency_ms` that of one answer.
    """
    totals = {"used_memory": _sum(servers, "used_memory"), "maxmemory": _sum(servers, "maxmemory")}
    return {
        "bytes": totals["used_memory"],
        "latency_ms": round(latency_ms, 1),
        "servers": len(servers),
        **totals,
        **{name: _all(servers, name) for name in _COPIED if name not in totals},
    }


def shortage(servers: Iterable[Facts]) -> str | None:
    """Why nothing new should be taken in, before a write has failed; None: there is room.

    What is stored must still be delivered, and the outcomes of that need a little memory.
    """
    for facts in servers:
        if facts.get("aof_enabled") == 1 and facts.get("aof_last_write_status") != "ok":
            return "Redis cannot write to its disk"
        limit, used = int(facts.get("maxmemory", 0)), int(facts.get("used_memory", 0))
        if limit and limit - used < limit // _SPARE:
            free, floor = max(0, limit - used), limit // _SPARE
            return f"{free // _MIB} MiB of Redis' memory are free, {floor // _MIB} MiB must be"
    return None


def _sum(servers: Sequence[Facts], name: str) -> int:
    return sum(int(facts.get(name, 0)) for facts in servers)


def _all(servers: Sequence[Facts], name: str) -> str:
    """What all say; where they differ, everything that is said."""
    return ",".join(sorted({str(facts.get(name, "")) for facts in servers}))
