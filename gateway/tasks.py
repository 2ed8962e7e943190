"""The end of tasks that run until they are told to stop."""

import asyncio
from collections.abc import Iterable
from typing import Any

_PATIENCE_SECONDS = 0.1


async def end(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel them, and return when all are over.

    A client of a network may swallow a cancellation that comes just as its answer does (redis-py, and
    `asyncio.wait_for` before Python 3.12): then the task gets another. Who awaited it after one
    `cancel` would wait for ever.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=_PATIENCE_SECONDS)
