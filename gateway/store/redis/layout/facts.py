"""What a database knows of itself: its name, how it is divided, and that it takes writes.

Its name is in each of its parts, so that nobody writes beside what has been lost: into a Redis that came back
empty, or that holds another database by now.
"""

import secrets
from typing import Any

from gateway.log import line, logger
from gateway.store.redis.layout.library import central_script, shard_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.server.trouble import DataLost

_FACT, _BEAT = central_script("layout/fact"), central_script("layout/beat")
_CELLS, _PART = central_script("layout/cells"), shard_script("layout/part")
_SHARDS_OF_A_CLUSTER = 16
"""So that its nodes share the work; one server would only be asked more often."""
_MIXED = "a part of what the gateway kept in this Redis is gone: restore it, or empty all of it to begin anew"


async def database_of(connection: Connection) -> Shards:
    """The database, made if there is none; into how many shards is decided then, and kept."""
    address, central = connection.address, Shards(connection, 1)
    wanted = address.shards or (_SHARDS_OF_A_CLUSTER if address.kind == "cluster" else 1)
    count = int(await central.central(_FACT, "shards", wanted, repeatable=True))
    name = await central.central(_FACT, "database", secrets.token_hex(8), repeatable=True)
    return Shards(connection, count, name.decode())


async def lost_parts(shards: Shards) -> list[int]:
    """Make each shard a part of the database; those that were parts of it and are empty now.

    Raises StoreUnavailable where one is a part of another database: what belongs to no shard was lost.
    """
    (complete,) = await shards.central(_CELLS, "facts", "complete", repeatable=True)
    answers = await shards.everywhere(_PART, shards.database, repeatable=True)
    if any(name.decode() != shards.database for name, _ in answers):
        raise DataLost(_MIXED)
    if complete is None:
        await shards.central(_FACT, "complete", 1, repeatable=True)
        return []
    lost = [shard for shard, (_, is_new) in enumerate(answers) if is_new]
    if lost:
        logger.error(line("a part of what Redis kept is gone", shards=",".join(map(str, lost))))
    return lost


async def beat(shards: Shards, now: int) -> dict[str, Any]:
    """Write something small, to know that Redis takes writes; facts for whoever asked.

    Raises StoreUnavailable.
    """
    await shards.central(_BEAT, now, shards.database, repeatable=True)
    return {"store": "redis", "shards": shards.count}
