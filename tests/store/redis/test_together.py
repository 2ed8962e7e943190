"""What arrives together is one group, and a failure stays with whoever caused it."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.together import Together
from tests.patience import SOON

pytestmark = pytest.mark.anyio


class Desk:
    """Doubles numbers, but refuses 13 and breaks at 99."""

    def __init__(self, long_seconds: float = 60) -> None:
        self.groups: list[list[int]] = []
        self.busy = asyncio.Event()
        self.together: Together[int, int] = Together(self._run, long_seconds)

    async def _run(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(numbers))
        self.busy.set()
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        if 99 in numbers:
            raise StoreUnavailable("broken")
        return [ValueError("13") if number == 13 else 2 * number for number in numbers]

    async def begun(self) -> None:
        """Return when a group is under way."""
        async with asyncio.timeout(SOON):
            await self.busy.wait()

    async def ask(self, *numbers: int) -> list[int | BaseException]:
        return await asyncio.gather(*(self.together.ask(one) for one in numbers), return_exceptions=True)


async def test_what_comes_while_one_group_is_under_way_is_the_next_group() -> None:
    desk = Desk()
    first = asyncio.create_task(desk.ask(1, 2))
    await desk.begun()
    assert await desk.ask(3, 4) == [6, 8] and await first == [2, 4]
    assert desk.groups == [[1, 2], [3, 4]]


async def test_one_that_fails_fails_alone_and_a_group_that_breaks_breaks_whole() -> None:
    desk = Desk()
    one, two, three = await desk.ask(1, 13, 2)
    assert (one, three) == (2, 4) and isinstance(two, ValueError)
    assert all(isinstance(answer, StoreUnavailable) for answer in await desk.ask(1, 99))
    assert await desk.ask(5) == [10]


async def test_who_has_waited_long_when_a_group_breaks_waits_no_more() -> None:
    patient, impatient = Desk(), Desk(long_seconds=0)
    for desk in (patient, impatient):
        broken = asyncio.create_task(desk.ask(99))
        await desk.busy.wait()
        (answer,) = await desk.ask(1)
        assert isinstance(answer, StoreUnavailable) == (desk is impatient)
        await broken
    assert (patient.groups, impatient.groups) == ([[99], [1]], [[99]])
    assert await impatient.ask(2) == [4]


async def test_who_has_gone_away_disturbs_nobody() -> None:
    desk = Desk()
    gone, staying = (desk.together.ask(number) for number in (1, 2))
    await desk.begun()
    gone.cancel()
    assert await staying == 4


async def test_what_was_asked_before_the_end_is_still_done() -> None:
    desk = Desk()
    asked = asyncio.create_task(desk.ask(*range(5)))
    await desk.begun()
    await desk.together.close()
    assert await asked == [0, 2, 4, 6, 8]
    with pytest.raises(StoreUnavailable):
        await desk.together.ask(1)
