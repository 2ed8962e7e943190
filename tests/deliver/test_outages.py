"""Endpoints that fail for long: noticed, given up, and back again."""

from pathlib import Path

import msgspec
import pytest

from gateway.deliver.outage import GIVEN_UP, GIVEN_UP_DELIVERIES, GIVEN_UP_MS, NOTICED_MS, WARNED_MS
from gateway.directory import Directory
from gateway.store.records import DeliveryFilter, Endpoint, EventFilter, PageRequest
from tests.deliver.stage import ENDPOINT, ManualClock, Stage, endpoint, stage, store_at

pytestmark = pytest.mark.anyio

PEOPLE = tuple(f"person{number}:{number}" for number in range(GIVEN_UP_DELIVERIES))
OTHER = endpoint(id="ep_other", events=("endpoint.*",), url="https://other.example/")


def failing(since: int, **changes: object) -> Endpoint:
    return endpoint(failing_since=since, concurrency=100, **changes)


async def fail(on: Stage, *messages: str) -> None:
    """Let messages arrive and fail at the receiver."""
    await on.arrive(*messages)
    for _ in messages:
        (await on.wire.next()).answer(500)


async def until(on: Stage, **fields: object) -> Endpoint:
    """The endpoint as soon as the directory has it with such fields."""

    def is_so() -> bool:
        return {name: getattr(on.directory.endpoints[ENDPOINT], name) for name in fields} == fields

    await on.until(lambda _: is_so())
    return on.directory.endpoints[ENDPOINT]


async def names(on: Stage) -> list[str]:
    """The events of the gateway's own, oldest first."""
    page = PageRequest(ascending=True, limit=100)
    found = (await on.store.events(None, EventFilter(), page)).data
    decoded = [msgspec.json.decode(one.body) for one in found]
    return [one["event"] for one in decoded if "endpoint" in one]


async def test_an_hour_of_failures_is_written_down(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(600,), clock=clock) as on:
        await fail(on, "ann:1")
        await on.states(failed=1)
        began = clock.now
        clock.now += NOTICED_MS
        await fail(on, "bob:2")
        await until(on, failing_since=began, status="active")
    assert "endpoint failing" in caplog.text


async def test_a_success_in_between_begins_the_hour_anew(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(), clock=clock) as on:
        await fail(on, "ann:1")
        await on.states(dead=1)
        await on.arrive("bob:2")
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)
        clock.now += NOTICED_MS
        await fail(on, "cid:3")
        await on.states(dead=2)
        assert on.directory.endpoints[ENDPOINT].failing_since is None


async def fail_for_five_days(on: Stage, clock: ManualClock, *messages: str) -> None:
    """Let messages fail, and one more when five days are over."""
    await on.arrive(*messages)
    under_way = [await on.wire.next() for _ in messages]
    for sent in under_way:
        sent.answer(500)
    await on.states(failed=len(messages))
    clock.now += GIVEN_UP_MS
    await fail(on, "last:last")


async def test_five_days_and_twenty_deliveries_without_a_success_disable_an_endpoint(tmp_path: Path) -> None:
    clock = ManualClock()
    weeks = 2 * GIVEN_UP_MS // 1_000
    async with stage(tmp_path, schedule=(weeks,), clock=clock, receiver=failing(clock.now)) as on:
        await fail_for_five_days(on, clock, *PEOPLE)
        given_up = await until(on, status="disabled")
    assert given_up.status_reason == GIVEN_UP


async def test_a_few_failing_deliveries_disable_no_endpoint(tmp_path: Path) -> None:
    clock = ManualClock()
    weeks = 2 * GIVEN_UP_MS // 1_000
    async with stage(tmp_path, schedule=(weeks,), clock=clock, receiver=failing(clock.now)) as on:
        await fail_for_five_days(on, clock, *PEOPLE[:9])
        await on.states(failed=10)
    assert on.directory.endpoints[ENDPOINT].status == "active"


async def test_at_half_and_at_four_fifths_of_the_time_a_warning_goes_out_once(tmp_path: Path) -> None:
    clock = ManualClock()
    began, told = clock.now, []
    half, later = WARNED_MS
    async with stage(tmp_path, schedule=(), clock=clock, receiver=failing(began)) as on:
        await on.configure(OTHER)
        for number, (after, warned) in enumerate(
            [(half - 1, False), (half, True), (half, False), (later, True)]
        ):
            clock.now = began + after
            await fail(on, f"ann:{number}")
            await on.states(dead=number + 1)
            if warned:
                told.append(await on.wire.next())
                told[-1].answer(200)
        assert await names(on) == ["endpoint.failing"] * 2
    events = [msgspec.json.decode(one.request.body) for one in told]
    assert [event["timestamp_ms"] - began for event in events] == [half, later]
    assert {event["endpoint"]["disabled_at"] for event in events} == {(began + GIVEN_UP_MS) // 1_000}


async def test_a_warning_is_remembered_over_a_restart(tmp_path: Path) -> None:
    clock = ManualClock()
    receiver = failing(clock.now - WARNED_MS[0])
    async with stage(tmp_path, schedule=(), clock=clock, receiver=receiver) as on:
        await fail(on, "ann:1")
        await until(on, warned_at=clock.now)
    store = store_at(tmp_path)
    await store.open()
    directory = Directory(store)
    await directory.reload()
    await store.close()
    assert directory.endpoints[ENDPOINT].warned_at == clock.now


async def test_what_arrives_for_a_disabled_endpoint_is_kept_and_goes_when_it_is_back(tmp_path: Path) -> None:
    disabled = failing(1, status="disabled", status_reason=GIVEN_UP)
    async with stage(tmp_path, receiver=disabled) as on:
        await on.arrive("ann:1", "ann:2")
        await on.states(pending=2)
        assert on.wire.quiet()
        await on.configure(failing(on.clock()))
        for text in ("1", "2"):
            sent = await on.wire.next()
            assert sent.text == text
            sent.answer(200)
        await until(on, failing_since=None)
        await on.states(delivered=2)


async def test_the_customers_other_endpoints_hear_of_it(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(600,)) as on:
        await on.configure(OTHER)
        await on.arrive("ann:1")
        (await on.wire.next()).answer(410)
        told = await on.wire.next()
        event = msgspec.json.decode(told.request.body)
        told.answer(200)
    assert (told.request.url, event["event"]) == (OTHER.url, "endpoint.disabled")
    assert event["endpoint"] == {
        "id": ENDPOINT,
        "url": "https://receiver.example",
        "state": "disabled",
        "reason": "410",
    }
    assert not {"platform", "page_id", "signature_verified", "conversation_id"} & set(event)


async def test_the_endpoint_itself_is_not_told(tmp_path: Path) -> None:
    everything = endpoint(events=("message.received", "endpoint.*"))
    async with stage(tmp_path, schedule=(600,), receiver=everything) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(410)
        await until(on, status="disabled")
        page = PageRequest(limit=10)
        found = (await on.store.deliveries(None, DeliveryFilter(endpoint_id=ENDPOINT), page)).data
        assert len(found) == 1


async def test_the_first_success_after_it_is_news_once(tmp_path: Path) -> None:
    async with stage(tmp_path, receiver=failing(1)) as on:
        await on.arrive("ann:1", "bob:2")
        for _ in range(2):
            (await on.wire.next()).answer(200)
        await until(on, failing_since=None)
        await on.arrive("cid:3")
        (await on.wire.next()).answer(200)
        await on.states(delivered=3)
        assert await names(on) == ["endpoint.recovered"]


async def test_replays_and_postponements_are_no_outage(tmp_path: Path) -> None:
    clock = ManualClock()
    receiver = failing(clock.now - GIVEN_UP_MS)
    async with stage(tmp_path, schedule=(600,), clock=clock, receiver=receiver) as on:
        await on.arrive(*PEOPLE)
        for _ in PEOPLE:
            (await on.wire.next()).answer(429, retry_after="60")
        await on.states(failed=len(PEOPLE))
        assert on.directory.endpoints[ENDPOINT].status == "active"
