"""Whole gateways that share a Redis: what one is told all obey, what one takes all give, and once is once."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from gateway.app import Gateway
from gateway.clock import Clock, system_clock
from tests import gateways
from tests.chaos.test_processes import Running, by_person, endpoint, running
from tests.gateways import messenger_text, signed
from tests.patience import SOON
from tests.receivers import receiving
from tests.redis_servers import RedisServer, watched
from tests.servers import ended
from tests.store.redis.test_neighbours import until

pytestmark = pytest.mark.anyio

PEOPLE = 3


async def insist(one: Running, mid: str, psid: str) -> None:
    """Take in a message as Meta would send it: again and again, until it is taken."""
    body = messenger_text(mid, psid=psid)
    status = 0
    async with asyncio.timeout(2 * SOON):
        while status != 200:
            answer = await one.http.post("/webhooks/facebook", content=body, headers=signed(body))
            status = answer.status_code
            assert status in (200, 503)


async def test_a_failover_of_a_sentinel_loses_nothing_and_keeps_the_order(tmp_path: Path) -> None:
    with watched(tmp_path) as trio:
        url = f"{trio.url}?timeout=1"
        async with receiving() as receiver, running(tmp_path, url, "ingest", "deliver") as (ingest, _):
            await endpoint(ingest, receiver, timeout_seconds=1)

            async def write(person: int, numbers: range) -> None:
                for number in numbers:
                    await insist(ingest, f"m_{person}_{number:02}", f"70{person:02}")

            await asyncio.gather(*(write(person, range(6)) for person in range(PEOPLE)))
            assert trio.master.client.wait(1, 5_000) == 1
            trio.master.kill()
            promoted = asyncio.create_task(asyncio.to_thread(trio.await_replica))
            await asyncio.gather(promoted, *(write(person, range(6, 12)) for person in range(PEOPLE)))
            await receiver.until(lambda all_: len({one.webhook_id for one in all_}) == PEOPLE * 12, 2 * SOON)
    first = {one.webhook_id: one for one in reversed(receiver.deliveries)}
    told = by_person([one for one in receiver.deliveries if first[one.webhook_id] is one])
    assert told == {
        f"70{person:02}": [f"m_{person}_{number:02}" for number in range(12)] for person in range(PEOPLE)
    }


async def pair(
    stack: AsyncExitStack, folder: Path, url: str, clock: Clock = system_clock
) -> list[tuple[Gateway, httpx.AsyncClient]]:
    """Two gateways that know of each other, each with a client."""
    each = [await stack.enter_async_context(gateways.running(folder, clock, store=url)) for _ in range(2)]
    await until(lambda: all(one.neighbours.dispatchers() == 2 for one, _ in each))
    return each


async def test_a_rate_limit_holds_over_two_that_deliver(tmp_path: Path, redis_server: RedisServer) -> None:
    """Neither counts more than its share in a second of a clock that stands still."""
    rate, count, now = 10, 40, [1_767_225_600_000]
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(receiving())
        each = await pair(stack, tmp_path, redis_server.url, lambda: now[0])
        wanted = {"url": receiver.url, "events": ["message.received"], "rate_limit": rate}
        made = (await each[0][1].post("/v1/endpoints", json=wanted)).raise_for_status().json()["id"]
        await until(lambda: all(made in one.directory.endpoints for one, _ in each))
        for number in range(count):
            body = messenger_text(f"m_{number}", psid=str(number))
            await each[number % 2][1].post("/webhooks/facebook", content=body, headers=signed(body))
        for seconds in range(1, count // rate + 1):
            await receiver.until(lambda all_, least=rate * seconds: len(all_) >= least, SOON)  # type: ignore[misc]
            assert len(receiver.deliveries) <= rate * seconds + len(each)
            now[0] += 1_000
            for one, _ in each:
                gateways.dispatcher(one).wake(made)
        assert len(receiver.deliveries) == count


async def test_who_pulls_from_one_is_woken_by_what_another_takes(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with running(tmp_path, redis_server.url, "ingest", "ingest") as (one, other):
        wanted = {"type": "pull", "events": ["message.received"]}
        made = (await one.http.post("/v1/endpoints", json=wanted)).raise_for_status().json()["id"]
        polled = asyncio.create_task(
            one.http.post("/v1/poll", json={"endpoint_id": made, "wait_seconds": 25}, timeout=SOON)
        )
        async with one.http.stream("GET", "/v1/stream", params={"endpoint_id": made}) as stream:
            lines = stream.aiter_lines()
            heard = asyncio.create_task(_data(lines))
            await other.receive("m_woken", "7001")
            async with asyncio.timeout(SOON):
                (pulled,) = (await polled).json()["data"]
                streamed = await heard
    assert pulled["event"]["message"]["id"] == streamed == "m_woken"


async def _data(lines: AsyncIterator[str]) -> str:
    async for one in lines:
        if one.startswith("data: "):
            return str(json.loads(one.removeprefix("data: "))["message"]["id"])
    raise AssertionError("the stream ended")


async def test_an_endpoint_that_several_give_up_is_announced_once(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with (
        receiving() as gone,
        receiving() as well,
        running(tmp_path, redis_server.url, "ingest", "deliver", "deliver") as processes,
    ):
        gone.answer = lambda _: 410
        both = asyncio.Event()

        async def together() -> None:
            """Nobody is answered before several wait: whoever has a part of the claims is among them."""
            waiting.append(1)
            if len(waiting) > 10:
                both.set()
            async with asyncio.timeout(SOON):
                await both.wait()

        waiting: list[int] = []
        gone.think = together  # type: ignore[method-assign]
        ingest, *dispatchers = processes
        await endpoint(ingest, gone)
        await endpoint(ingest, well, events=["endpoint.disabled"])
        for number in range(24):
            await ingest.receive(f"m_{number}", f"70{number:02}")
        await well.until(bool, SOON)
        stopping = (ended(one.process, signal.SIGTERM) for one in dispatchers)
        assert await asyncio.gather(*stopping) == [0, 0]
        listed = await ingest.http.get("/v1/events", params={"event": "endpoint.disabled"})
    assert len(listed.json()["data"]) == len(well.deliveries) == 1


async def test_every_change_of_an_endpoint_reaches_every_gateway(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with AsyncExitStack() as stack:
        before, after = [await stack.enter_async_context(receiving()) for _ in range(2)]
        (one, http), (other, its_http) = await pair(stack, tmp_path, redis_server.url)
        wanted = {"url": before.url, "events": ["message.received"]}
        made = (await http.post("/v1/endpoints", json=wanted)).raise_for_status().json()["id"]
        await until(lambda: made in other.directory.endpoints)
        path = f"/v1/endpoints/{made}"
        (await http.patch(path, json={"url": after.url})).raise_for_status()
        await until(lambda: other.directory.endpoints[made].url == after.url)
        for number in range(10):
            body = messenger_text(f"m_{number}", psid=f"80{number:02}")
            await its_http.post("/webhooks/facebook", content=body, headers=signed(body))
        await after.until(lambda all_: len(all_) == 10, SOON)
        (await http.patch(path, json={"status": "paused"})).raise_for_status()
        await until(lambda: other.directory.endpoints[made].status == "paused")
        (await its_http.delete(path)).raise_for_status()
        await until(lambda: made not in one.directory.endpoints)
    assert not before.deliveries
