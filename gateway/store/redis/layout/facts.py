"""What a database knows of itself: how it is divided, and that it takes writes."""

from typing import Any

from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.connection import Connection

_FACT, _BEAT = central_script("layout/fact"), central_script("layout/beat")
_SHARDS_OF_A_CLUSTER = 16
"""So that its nodes share the work; one server would only be asked more often."""


async def shard_count(connection: Connection) -> int:
    """Into how many shards the database is divided: decided when it is first opened, and kept."""
    address = connection.address
    wanted = address.shards or (_SHARDS_OF_A_CLUSTER if address.kind == "cluster" else 1)
    return int(await Shards(connection, 1).central(_FACT, "shards", wanted, repeatable=True))


async def beat(shards: Shards, now: int) -> dict[str, Any]:
    """Write something small, to know that Redis takes writes; facts for whoever asked."""
    await shards.central(_BEAT, now, repeatable=True)
    return {"store": "redis", "shards": shards.count}
