"""A process to be killed: makes steps of a replay and says how many.

python -m tests.store.replaying FILE
"""

import asyncio
import sys
from pathlib import Path

from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.conftest import KEY
from tests.store.samples import NOW


async def run(path: Path) -> None:
    """As fast as it goes, until nothing is left to do."""
    store = SqliteStore(path, Vault(KEY))
    await store.open()
    now = NOW
    while True:
        now += 1_000
        await store.advance_replay(now)
        sys.stdout.write("step\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
