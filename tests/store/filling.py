"""A process whose files may not grow beyond a limit: takes in messages until the store says no.

python -m tests.store.filling FILE BYTES
"""

import asyncio
import resource
import sys
from pathlib import Path

from gateway.store.errors import IntakeStopped
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.opening import KEY
from tests.store.samples import NOW, message, psid


def say(what: object) -> None:
    """One line for the test."""
    sys.stdout.write(f"{what}\n")


async def run(path: Path, limit: int) -> None:
    """Says how many were acknowledged, then whether it is ready: when stopped, and without the limit."""
    store = SqliteStore(path, Vault(KEY), lambda: NOW)
    await store.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    acknowledged = 0
    try:
        while True:
            await store.accept([message(f"m_{acknowledged}", psid(str(acknowledged)))])
            acknowledged += 1
    except IntakeStopped:
        say(acknowledged)
    say((await store.health()).writable)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    say((await store.health()).writable)
    await store.accept([message("the last", psid("the last"))])
    await store.close()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2])))
