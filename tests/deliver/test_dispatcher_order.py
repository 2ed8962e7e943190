"""In order per conversation, and no conversation waits for another."""

from pathlib import Path

import pytest

from gateway.deliver.policy import YIELD_AFTER_MS
from tests.deliver.stage import ENDPOINT, ManualClock, Stage, endpoint, stage

pytestmark = pytest.mark.anyio


async def test_a_conversation_goes_one_message_at_a_time(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.arrive("ann:1", "ann:2", "ann:3")
        for text in ("1", "2", "3"):
            sent = await on.wire.next()
            assert sent.text == text and on.wire.under_way == 1
            sent.answer(200)
        await on.states(delivered=3)


async def test_a_message_that_arrives_later_waits_for_the_one_under_way(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.arrive("ann:1")
        first = await on.wire.next()
        await on.arrive("ann:2")
        assert on.wire.quiet()
        first.answer(200)
        assert (await on.wire.next()).text == "2"


async def test_a_failing_message_holds_up_its_conversation_and_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.05,) * 4) as on:
        await on.arrive("ann:a1", "ann:a2", "bob:b1", "bob:b2")
        seen: list[str] = []
        while len(seen) < 6:
            sent = await on.wire.next()
            seen.append(sent.text)
            sent.answer(500 if seen.count("a1") <= 2 and sent.text == "a1" else 200)
        await on.states(delivered=4)
    assert [text for text in seen if text.startswith("a")] == ["a1", "a1", "a1", "a2"]
    assert seen.index("b2") < seen.index("a2")


async def test_every_attempt_has_the_same_id_and_body_and_a_time_of_its_own(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(5,), clock=clock) as on:
        await on.arrive("ann:1")
        first = await on.wire.next()
        first.answer(503)
        await on.states(failed=1)
        clock.now += 6_000
        on.dispatcher.wake(ENDPOINT)
        second = await on.wire.next()
    assert first.request.body == second.request.body
    assert first.header["webhook-id"] == second.header["webhook-id"]
    assert int(second.header["webhook-timestamp"]) - int(first.header["webhook-timestamp"]) == 6


async def test_without_ordering_nothing_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(ordering="none")) as on:
        await on.arrive("ann:1", "ann:2", "ann:3")
        sent = [await on.wire.next() for _ in range(3)]
        assert {one.text for one in sent} == {"1", "2", "3"}


async def _fail_for_a_minute(on: Stage, clock: ManualClock, *, others: int) -> None:
    """Ann's first message fails; a minute later Bob's is answered with `others`."""
    await on.arrive("ann:a1", "ann:a2")
    (await on.wire.next()).answer(500)
    await on.states(failed=1)
    clock.now += YIELD_AFTER_MS
    await on.arrive("bob:b1")
    (await on.wire.next()).answer(others)
    await on.until(lambda found: found[-1].state != "pending")
    clock.now += 1_000
    on.dispatcher.wake(ENDPOINT)


async def test_a_head_that_fails_alone_for_a_minute_lets_the_next_one_pass(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(45, 45), clock=clock) as on:
        await _fail_for_a_minute(on, clock, others=200)
        again = await on.wire.next()
        assert again.text == "a1"
        again.answer(500)
        assert (await on.wire.next()).text == "a2"


async def test_it_does_so_even_if_its_next_attempt_is_hours_away(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(7_200, 7_200), clock=clock) as on:
        await _fail_for_a_minute(on, clock, others=200)
        assert (await on.wire.next()).text == "a2"
        (head, *_) = await on.until(lambda found: (found[0].due_at or 0) > clock.now)
        assert head.attempts == 1 and (head.due_at or 0) > clock.now + 3_600_000


async def test_nothing_overtakes_while_the_endpoint_fails_altogether(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(45, 600), clock=clock) as on:
        await _fail_for_a_minute(on, clock, others=500)
        again = await on.wire.next()
        assert again.text == "a1"
        again.answer(500)
        await on.until(lambda found: [one.attempts for one in found] == [2, 0, 1])
        assert on.wire.quiet()
