"""A process to be killed: makes steps of a replay and says how many.

python -m tests.store.replaying URL
"""

import asyncio
import sys

from tests.store.opening import store_at
from tests.store.samples import NOW


async def run(url: str) -> None:
    """As fast as it goes, until nothing is left to do."""
    store = store_at(url)
    await store.open()
    now = NOW
    while True:
        now += 1_000
        await store.advance_replay(now)
        sys.stdout.write("step\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
