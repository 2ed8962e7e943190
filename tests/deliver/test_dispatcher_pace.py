"""A rate limit holds in the dispatcher, for arrivals, claims and retries alike."""

from pathlib import Path

import pytest

from tests.deliver.stage import ENDPOINT, ManualClock, Stage, endpoint, stage

pytestmark = pytest.mark.anyio


async def taken(on: Stage, count: int) -> list[str]:
    """What is on the wire next, answered well; and nothing more is."""
    texts = []
    for _ in range(count):
        sent = await on.wire.next()
        texts.append(sent.text)
        sent.answer(200)
    return texts


async def test_no_more_than_the_limit_go_out_and_the_rest_follow_in_order(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock, receiver=endpoint(rate_limit=2)) as on:
        for number in range(5):
            await on.arrive(f"person{number}:{number}")
        assert await taken(on, 2) == ["0", "1"]
        await on.states(delivered=2, pending=3)
        assert on.wire.total == 2
        clock.now += 500
        on.dispatcher.wake(ENDPOINT)
        assert await taken(on, 1) == ["2"]
        await on.states(delivered=3)
        assert on.wire.total == 3
        clock.now += 10_000
        on.dispatcher.wake(ENDPOINT)
        assert await taken(on, 2) == ["3", "4"]
        await on.states(delivered=5)


async def test_who_waits_for_the_limit_is_charged_no_attempt(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock, receiver=endpoint(rate_limit=1)) as on:
        await on.arrive("ann:1", "bob:2")
        assert await taken(on, 1) == ["1"]
        found = await on.until(lambda found: found[0].state == "delivered")
        assert (found[1].state, found[1].attempts) == ("pending", 0)


async def test_an_arrival_does_not_overtake_what_waits(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock, receiver=endpoint(rate_limit=1)) as on:
        await on.arrive("ann:1", "bob:2")
        assert await taken(on, 1) == ["1"]
        clock.now += 1_000
        await on.arrive("cid:3")
        assert await taken(on, 1) == ["2"]


async def test_the_dispatcher_wakes_by_itself_when_the_limit_allows_the_next(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(rate_limit=20)) as on:
        await on.arrive(*(f"person{number}:{number}" for number in range(30)))
        assert sorted(map(int, await taken(on, 30))) == list(range(30))
        await on.states(delivered=30)
