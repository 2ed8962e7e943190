"""A process to be killed: takes in messages and says which are acknowledged.

python -m tests.store.acknowledging URL
"""

import asyncio
import sys

from gateway.store.base import Store
from tests.store.opening import store_at
from tests.store.samples import claimed, endpoint, message, psid


async def run(url: str) -> None:
    """For ever, in eight lanes at once, so that groups form."""
    store = store_at(url)
    await store.open()
    await store.put_endpoint(endpoint())
    await asyncio.gather(*(_lane(store, number) for number in range(8)))


async def _lane(store: Store, lane: int) -> None:
    number = 0
    while True:
        number += 1
        one = message(f"m_{lane}_{number}", psid(str(lane)), routes=claimed("ep_1"))
        (admission,) = await store.accept([one])
        sys.stdout.write(admission.event_id + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
