"""Deliveries that are given up are told of, without floods and without loops."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.names import EVENTS
from gateway.deliver.announcer import Announcer, Operator
from gateway.deliver.given_up import GivenUp
from gateway.deliver.notices import DEAD, LISTED
from gateway.deliver.patience import Patience
from gateway.store.job import Job
from gateway.store.records import Attempt, EventFilter, Outcome, PageRequest
from tests.deliver.stage import ENDPOINT, MemoryWire, Stage, endpoint, stage, store_at

pytestmark = pytest.mark.anyio

OTHER = "ep_other"
NEVER = 3_600.0


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Stage]:
    """A store with an endpoint that loses deliveries and another one that wants to hear of it."""
    built = Stage(store_at(tmp_path), (), lambda: 1_800_000_000_000)
    await built.store.open()
    await built.configure(endpoint())
    await built.configure(endpoint(id=OTHER, events=("delivery.*",)))
    yield built
    await built.store.close()


def given_up(on: Stage, pause_seconds: float = NEVER) -> GivenUp:
    operator = Operator(MemoryWire(), None)
    announcer = Announcer(on.store, on.directory, Patience(), operator, lambda _: None)
    return GivenUp(announcer, on.clock, pause_seconds)


def dead(number: int, event: str = "message.received") -> Outcome:
    """The end of a delivery after three attempts."""
    job = Job(
        delivery_id=f"dlv_{number}",
        endpoint_id=ENDPOINT,
        event_id=f"evt_{number}",
        webhook_id=f"evt_{number}",
        body=b'{"event":"%b"}' % event.encode(),
        claim=3,
        attempts=2,
        created_at=0,
    )
    return Outcome(job=job, attempt=Attempt(at=0, duration_ms=1, error="status", status=500), state="dead")


async def told(on: Stage) -> list[dict[str, Any]]:
    """The bodies of what was told, oldest first."""
    return [event["delivery"] for event in await told_events(on)]


async def told_events(on: Stage, name: str = DEAD) -> list[dict[str, Any]]:
    """The whole of them; `name`: under which they are listed."""
    page = PageRequest(limit=100, ascending=True)
    found = await on.store.events(None, EventFilter(event=name), page)
    return [json.loads(one.body) for one in found.data]


async def test_a_delivery_that_is_given_up_is_told_to_the_other_endpoint(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=()) as on:
        await on.configure(endpoint(id=OTHER, events=("delivery.dead",)))
        (admission,) = await on.arrive("ann:1")
        (await on.wire.next()).answer(500)
        news = await on.wire.next()
        assert news.text == DEAD
        news.answer(200)
        await on.states(dead=1, delivered=1)
        (body,) = await told(on)
    assert (body["endpoint_id"], body["count"]) == (ENDPOINT, 1)
    (named,) = body["deliveries"]
    assert (named["event_id"], named["attempts"], named["error"], named["status"]) == (
        admission.event_id,
        1,
        "status",
        500,
    )


async def test_an_endpoint_does_not_hear_of_its_own_dead_deliveries(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(), receiver=endpoint(events=())) as on:
        await on.arrive("ann:1")
        for _ in ("conversation.started", "message.received"):
            (await on.wire.next()).answer(500)
        await on.states(dead=2)
    assert on.wire.quiet()


async def test_two_endpoints_that_are_gone_do_not_tell_each_other_for_ever(on: Stage) -> None:
    telling = given_up(on)
    telling.add(endpoint(id=OTHER), dead(1, DEAD))
    await telling.settle()
    assert await told(on) == []


async def test_the_first_is_told_at_once_and_the_others_together(on: Stage) -> None:
    telling = given_up(on)
    for number in range(LISTED + 51):
        telling.add(endpoint(), dead(number))
    await telling.settle()
    bodies = await told(on)
    assert [body["count"] for body in bodies] == [1, LISTED + 50]
    assert [len(body["deliveries"]) for body in bodies] == [1, LISTED]


async def test_what_is_gathered_is_told_when_the_pause_is_over(on: Stage) -> None:
    telling = given_up(on, pause_seconds=0.001)
    telling.add(endpoint(), dead(1))
    telling.add(endpoint(), dead(2))
    while sum(body["count"] for body in await told(on)) < 2:
        pass
    await telling.settle()
    assert len(await told(on)) == 2


async def test_a_delivery_that_will_be_tried_again_is_no_news(on: Stage) -> None:
    telling = given_up(on)
    outcome = Outcome(job=dead(1).job, attempt=dead(1).attempt, state="failed", due_at=1)
    telling.add(endpoint(), outcome)
    await telling.settle()
    assert await told(on) == []


def test_the_event_has_a_family_of_its_own() -> None:
    assert [name for name in EVENTS if name.startswith("delivery.")] == [DEAD]


async def test_the_end_of_a_test_is_marked_as_one_and_listed_with_the_tests(on: Stage) -> None:
    given = given_up(on)
    tried = dead(1, "message.received")
    body = b'{"event":"message.received","test":true}'
    given.add(endpoint(), replace(tried, job=replace(tried.job, body=body)))
    await given.settle()
    assert await told_events(on) == []
    (event,) = await told_events(on, "test")
    assert (event["event"], event["test"]) == (DEAD, True)
    assert event["delivery"]["deliveries"][0]["test"] is True


async def test_what_ends_beside_a_test_is_no_test(on: Stage) -> None:
    given = given_up(on)
    tried = dead(1)
    given.add(endpoint(), dead(0))
    given.add(endpoint(), replace(tried, job=replace(tried.job, body=b'{"event":"test","test":true}')))
    given.add(endpoint(), dead(2))
    await given.settle()
    assert [event.get("test", False) for event in await told_events(on)] == [False, False]


async def test_others_hear_of_an_endpoint_without_what_its_address_may_hide(on: Stage) -> None:
    given = given_up(on)
    given.add(endpoint(url="https://hooks.example:8443/T0/B0/token?key=secret"), dead(1))
    await given.settle()
    (event,) = await told_events(on)
    assert event["delivery"]["url"] == "https://hooks.example:8443"
