"""A process that erases somebody, and says after each step that it was done: for tests that kill it.

python -m tests.store.eraser URL
"""

import asyncio
import sys

from tests.store.erasures import begin, by
from tests.store.opening import store_at
from tests.store.samples import NOW, PAGE

LIMIT = 2


def say(what: str) -> None:
    """One line for the test."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


async def run(url: str) -> None:
    """Begin, or go on with what another process has begun."""
    store = store_at(url, lambda: NOW)
    await store.open()
    await begin(store, by("psid", "3001", PAGE))
    while (step := await store.people.advance_erasure(LIMIT, NOW)) is not None:
        if step.done:
            await store.people.end_erasure(step.erasure.id, NOW)
        say("step")
    say("done")
    await store.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
