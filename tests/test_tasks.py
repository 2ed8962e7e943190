"""Tasks end when they are told to."""

import asyncio
import contextlib

import pytest

from gateway.tasks import end

pytestmark = pytest.mark.anyio


async def test_a_task_that_swallows_its_cancellation_ends_too() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        swallowed += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.wait([task], timeout=0)
    await end([task])
    assert (swallowed, task.cancelled()) == (1, True)


async def test_what_is_over_already_is_left_alone() -> None:
    task = asyncio.create_task(asyncio.Event().wait())
    await end([task])
    await end([task])
    await end([])
