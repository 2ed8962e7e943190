"""What one endpoint, or one conversation, can do to another: nothing."""

from pathlib import Path

import pytest

from gateway.deliver.circuit import FIRST_PAUSE_MS, THRESHOLD
from tests.deliver.stage import ENDPOINT, ManualClock, Sent, Stage, endpoint, stage

pytestmark = pytest.mark.anyio


async def _take(on: Stage, count: int) -> list[Sent]:
    return [await on.wire.next() for _ in range(count)]


async def test_concurrency_is_never_exceeded_and_never_wasted(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(concurrency=3)) as on:
        await on.arrive(*(f"p{n}:m{n}" for n in range(12)))
        for _ in range(4):
            for sent in await _take(on, 3):
                sent.answer(200)
        await on.states(delivered=12)
        assert on.wire.peak == 3


async def test_more_slots_are_used_as_soon_as_they_are_configured(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(concurrency=1)) as on:
        await on.arrive("ann:1", "bob:2", "cid:3")
        await _take(on, 1)
        await on.configure(endpoint(concurrency=3))
        await _take(on, 2)
        assert on.wire.under_way == 3


async def test_retries_leave_half_of_the_slots_to_first_attempts(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(5, 5), clock=clock, receiver=endpoint(concurrency=4)) as on:
        await on.arrive(*(f"p{n}:m{n}" for n in range(4)))
        for sent in await _take(on, 4):
            sent.answer(500)
        await on.states(failed=4)
        clock.now += 7_000
        on.dispatcher.wake(ENDPOINT)
        assert {sent.text for sent in await _take(on, 2)} <= {"m0", "m1", "m2", "m3"}
        await on.arrive("new:n1", "newer:n2")
        assert {sent.text for sent in await _take(on, 2)} == {"n1", "n2"}
        assert on.wire.quiet() and on.wire.peak == 4


async def test_an_endpoint_that_never_answers_slows_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(concurrency=2)) as on:
        await on.configure(endpoint(id="ep_2", url="https://other.example/", concurrency=2))
        for number in range(6):
            await on.arrive(f"p{number}:m{number}")
            while (sent := await on.wire.next()).request.url != "https://other.example/":
                pass
            sent.answer(200)
        await on.states(delivered=6)
        assert on.wire.under_way == 2


async def test_a_paused_endpoint_keeps_everything_and_goes_on_in_order(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(status="paused")) as on:
        await on.arrive("ann:1", "ann:2")
        await on.states(pending=2)
        assert on.wire.quiet()
        await on.configure(endpoint())
        for text in ("1", "2"):
            sent = await on.wire.next()
            assert sent.text == text
            sent.answer(200)


async def test_retry_after_holds_the_whole_endpoint(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(1, 1), clock=clock) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(429, retry_after="30")
        await on.states(failed=1)
        await on.arrive("bob:2")
        await on.states(failed=1, pending=1)
        assert on.wire.quiet()
        clock.now += 31_000
        on.dispatcher.wake(ENDPOINT)
        assert {sent.text for sent in await _take(on, 2)} == {"1", "2"}


async def _break(on: Stage) -> None:
    """As many conversations fail as it takes to open the circuit."""
    await on.arrive(*(f"p{n}:m{n}" for n in range(THRESHOLD)))
    for sent in await _take(on, THRESHOLD):
        sent.answer(None, error="connect")
    await on.states(failed=THRESHOLD)


async def test_a_dead_endpoint_is_probed_by_one_delivery_at_a_time(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(600, 600), clock=clock) as on:
        await _break(on)
        await on.arrive("ann:1", "bob:2", "cid:3")
        assert on.wire.quiet()
        clock.now += FIRST_PAUSE_MS
        on.dispatcher.wake(ENDPOINT)
        probe = await on.wire.next()
        assert probe.text == "1" and on.wire.under_way == 1
        probe.answer(None, error="connect")
        await on.states(failed=THRESHOLD + 1, pending=2)
        on.dispatcher.wake(ENDPOINT)
        assert on.wire.quiet()


async def test_the_first_success_after_an_outage_makes_everything_due_in_order(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(600, 600), clock=clock, receiver=endpoint(concurrency=20)) as on:
        await _break(on)
        clock.now += FIRST_PAUSE_MS
        await on.arrive("ann:probe")
        (await on.wire.next()).answer(200)
        assert [sent.text for sent in await _take(on, THRESHOLD)] == [f"m{n}" for n in range(THRESHOLD)]


async def test_one_message_that_keeps_failing_opens_no_circuit(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.001,) * 30) as on:
        await on.arrive("ann:poison")
        for _ in range(2 * THRESHOLD):
            (await on.wire.next()).answer(500)
        last = await on.wire.next()
        await on.arrive("bob:fine")
        assert (await on.wire.next()).text == "fine"
        last.answer(200)
