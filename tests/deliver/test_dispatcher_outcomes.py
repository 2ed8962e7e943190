"""What receivers answer, and what is kept of it."""

import logging
from pathlib import Path

import pytest

from gateway.store.records import Attempt, Secret
from tests.deliver.stage import ENDPOINT, SECRET, ManualClock, Stage, endpoint, stage
from tests.store.samples import DAY, retaining

pytestmark = pytest.mark.anyio


async def _attempts(on: Stage) -> list[Attempt]:
    (delivery,) = await on.deliveries()
    return await on.store.attempts(None, delivery.id) or []


async def test_a_spent_schedule_makes_a_delivery_dead_and_the_next_one_goes(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.001, 0.001)) as on:
        await on.arrive("ann:1", "ann:2")
        for _ in range(3):
            sent = await on.wire.next()
            assert sent.text == "1"
            sent.answer(500)
        assert (await on.wire.next()).text == "2"
        await on.states(dead=1)


async def test_an_endpoint_that_wants_no_retries_gets_one_attempt(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(600,), receiver=endpoint(retry_schedule=())) as on:
        await on.arrive("ann:1", "bob:2")
        (await on.wire.next()).answer(429, retry_after="1")
        (await on.wire.next()).answer(None, error="timeout")
        await on.states(dead=2)


async def test_an_endpoint_can_have_a_schedule_of_its_own(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(600,), receiver=endpoint(retry_schedule=())) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(500)
        await on.states(dead=1)


async def test_redelivering_begins_the_schedule_anew(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.001,)) as on:
        (admission,) = await on.arrive("ann:1")
        for _ in range(2):
            (await on.wire.next()).answer(500)
        await on.states(dead=1)
        await on.store.redeliver(None, admission.event_id, ENDPOINT, on.clock())
        on.dispatcher.wake(ENDPOINT)
        for _ in range(2):
            (await on.wire.next()).answer(500)
        await on.states(dead=1)
        assert len(await _attempts(on)) == 4


async def test_each_attempt_is_kept_with_its_error_class(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.001,) * 3) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(None, error="tls")
        (await on.wire.next()).answer(302)
        (await on.wire.next()).answer(500)
        (await on.wire.next()).answer(204)
        await on.states(delivered=1)
        kept = await _attempts(on)
    assert [(one.status, one.error) for one in kept] == [
        (None, "tls"),
        (302, "redirect"),
        (500, "status"),
        (204, None),
    ]


async def test_our_own_fault_leaves_no_attempt_and_comes_again(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(None, error="internal")
        (waiting,) = await on.until(lambda found: found[0].due_at != clock.now)
        assert (waiting.state, waiting.attempts) == ("pending", 0)
        clock.now += 6_000
        on.dispatcher.wake(ENDPOINT)
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)
        assert len(await _attempts(on)) == 1


async def test_a_request_that_cannot_be_made_is_our_own_fault(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, clock=clock, receiver=endpoint(secrets=(Secret(value="no secret"),))) as on:
        await on.arrive("ann:1")
        await on.until(lambda found: found[0].due_at != clock.now)
        await on.configure(endpoint())
        clock.now += 6_000
        on.dispatcher.wake(ENDPOINT)
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)


async def test_gone_disables_the_endpoint_and_keeps_what_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(600,)) as on:
        await on.arrive("ann:1", "bob:2")
        gone, other = await on.wire.next(), await on.wire.next()
        gone.answer(410)
        other.answer(410)
        await on.states(failed=2)
        await on.arrive("cid:3")
        await on.states(failed=2, pending=1)
        stored = (await on.store.configuration()).endpoints
        assert [(one.status, one.status_reason) for one in stored] == [("disabled", "410")]
        assert on.wire.quiet()
        await on.configure(endpoint())
        assert {(await on.wire.next()).text for _ in range(3)} == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("status", "word", "state", "endpoint_status"),
    [
        (500, "abort", "dead", "active"),
        (500, "abort-message", "dead", "active"),
        (200, "disable", "delivered", "disabled"),
    ],
)
async def test_a_receiver_steers_with_a_header(
    tmp_path: Path, status: int, word: str, state: str, endpoint_status: str
) -> None:
    async with stage(tmp_path, schedule=(600,)) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(status, webhook_delivery=word)
        await on.states(**{state: 1})
        await on.until(lambda _: on.directory.endpoints[ENDPOINT].status == endpoint_status)


async def test_the_raw_format_sends_the_platforms_own_envelope(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(format="raw")) as on:
        (admission,) = await on.arrive("ann:1")
        sent = await on.wire.next()
        raw = await on.store.raw(None, admission.event_id)
        assert raw is not None and sent.request.body == raw.envelope
        assert sent.header["X-Hub-Signature-256"].startswith("sha256=")
        sent.answer(200)
        await on.states(delivered=1)


async def test_an_event_that_a_format_leaves_out_is_done_without_an_attempt(tmp_path: Path) -> None:
    everything = endpoint(format="raw", events=("conversation.started",))
    async with stage(tmp_path, receiver=everything) as on:
        await on.arrive("ann:1")
        await on.states(delivered=1)
        assert await _attempts(on) == [] and on.wire.total == 0


async def test_a_failed_attempt_is_one_line_without_secrets(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="gateway")
    async with stage(tmp_path, schedule=(0.001,)) as on:
        await on.arrive("ann:confidential")
        (await on.wire.next()).answer(500)
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)
    (line,) = [record.getMessage() for record in caplog.records if "attempt failed" in record.getMessage()]
    assert f"endpoint={ENDPOINT}" in line and "status=500" in line and "host=receiver.example" in line
    assert not any(hidden in caplog.text for hidden in ("confidential", "key=hidden", "/hook", SECRET))
    assert "delivered" not in caplog.text


async def test_a_raw_element_that_is_kept_no_more_ends_a_redelivery(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=endpoint(format="raw")) as on:
        (admission,) = await on.arrive("ann:1")
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)
        while await on.store.prune(on.clock() + 2 * DAY, retaining(raw_ms=DAY), 100):
            pass
        await on.store.redeliver(None, admission.event_id, ENDPOINT, on.clock())
        on.dispatcher.wake(ENDPOINT)
        await on.states(dead=1)
        assert [one.error for one in await _attempts(on)] == [None, "raw_expired"]
        assert on.wire.total == 1
