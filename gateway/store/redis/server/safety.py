"""What a Redis must be before the gateway trusts it with events: checked once, at the start."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.store.address import RedisAddress

OLDEST = (6, 2)
Facts = Mapping[str, Any]
"""The fields of `INFO`. Unlike CONFIG, managed services allow it."""


def refusal(facts: Facts, address: RedisAddress) -> str | None:
    """Why this server cannot be used, with the remedy; None: it can."""
    return next(_refusals(facts, address), None)


def _refusals(facts: Facts, address: RedisAddress) -> Iterator[str]:
    version = str(facts.get("redis_version", "0"))
    if tuple(int(number) for number in re.findall(r"[0-9]+", version)[:2]) < OLDEST:
        yield f"this Redis is version {version}; the gateway needs 6.2 or newer"
    if facts.get("role") != "master":
        yield "this Redis is a replica; name its master, or its sentinels with redis+sentinel://"
    if facts.get("cluster_enabled") == 1 and address.kind != "cluster":
        yield "this Redis is a node of a cluster; write redis+cluster:// into GATEWAY_STORE"
    if facts.get("aof_enabled") != 1 and "volatile" not in address.unsafe:
        yield (
            "this Redis would lose events in a crash; set `appendonly yes`, "
            "or add ?unsafe=volatile to GATEWAY_STORE to put up with that"
        )
    if facts.get("maxmemory_policy") != "noeviction" and "evicting" not in address.unsafe:
        yield (
            "this Redis throws events away when it is full; set `maxmemory-policy noeviction`, "
            "or add ?unsafe=evicting to GATEWAY_STORE to put up with that"
        )
