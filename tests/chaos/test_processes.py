"""Several real processes on one real Redis: two that receive, two that deliver."""

import asyncio
import signal
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateways import messenger_text, signed
from tests.patience import SOON
from tests.receivers import Delivery, Receiver, receiving
from tests.redis_servers import RedisServer
from tests.servers import ended, free_port, ready, serving

pytestmark = pytest.mark.anyio

PEOPLE = 8
MESSAGES = 12
SCOUT = "6000"
"""Who writes until somebody is heard; the last of it may arrive late."""
_LOOK_SECONDS = 0.05


class Running:
    """A process of the gateway, and a client of it."""

    def __init__(self, process: "subprocess.Popen[bytes]", http: httpx.AsyncClient) -> None:
        self.process = process
        self.http = http

    async def receive(self, mid: str, psid: str) -> None:
        """Take in a message, as Meta would send it."""
        body = messenger_text(mid, psid=psid)
        answer = await self.http.post("/webhooks/facebook", content=body, headers=signed(body))
        assert answer.status_code == 200


@asynccontextmanager
async def running(folder: Path, url: str, *roles: str) -> AsyncIterator[list[Running]]:
    """Processes with these roles, ready."""
    async with AsyncExitStack() as stack:
        yield [await _start(stack, folder, url, role) for role in roles]


async def _start(stack: AsyncExitStack, folder: Path, url: str, role: str) -> Running:
    port = free_port()
    process = stack.enter_context(serving(folder, port, role, store=url))
    http = await ready(port)
    stack.push_async_callback(http.aclose)
    return Running(process, http)


async def endpoint(one: Running, receiver: Receiver, **options: Any) -> str:
    """Create an endpoint for messages only; its id."""
    wanted = {"url": receiver.url, "events": ["message.received"]} | options
    return str((await one.http.post("/v1/endpoints", json=wanted)).raise_for_status().json()["id"])


def by_person(deliveries: list[Delivery]) -> dict[str, list[str]]:
    """The ids of messages, in the order in which they came, by who wrote them."""
    found: dict[str, list[str]] = defaultdict(list)
    for delivery in deliveries:
        found[delivery.event["from"]].append(delivery.event["message"]["id"])
    return found


@pytest.mark.parametrize("kind", ["single", "cluster"])
async def test_everything_is_delivered_once_and_in_order_across_processes(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    url = _url(request, kind)
    async with (
        receiving() as receiver,
        running(tmp_path, url, "ingest", "ingest", "deliver", "deliver") as processes,
    ):
        await endpoint(processes[0], receiver)
        await _heard_by(processes[1], receiver)

        def counted() -> list[Delivery]:
            return [one for one in receiver.deliveries if one.event["from"] != SCOUT]

        async def write(person: int) -> None:
            for number in range(MESSAGES):
                await processes[number % 2].receive(f"m_{person}_{number:02}", f"70{person:02}")

        await asyncio.gather(*(write(person) for person in range(PEOPLE)))
        await receiver.until(lambda _: len(counted()) >= PEOPLE * MESSAGES)
        stopping = (ended(process.process, signal.SIGTERM) for process in processes)
        assert await asyncio.gather(*stopping) == [0, 0, 0, 0]
        assert by_person(counted()) == {
            f"70{person:02}": [f"m_{person}_{number:02}" for number in range(MESSAGES)]
            for person in range(PEOPLE)
        }


def _url(request: pytest.FixtureRequest, kind: str) -> str:
    if kind == "single":
        return str(request.getfixturevalue("redis_server").url)
    return f"redis+cluster://127.0.0.1:{request.getfixturevalue('redis_cluster')[0].port}"


async def _heard_by(process: Running, receiver: Receiver) -> None:
    """Send messages until one is routed: the configuration has arrived."""
    for number in range(int(SOON / _LOOK_SECONDS)):
        await process.receive(f"m_before_{number}", SCOUT)
        try:
            await receiver.until(bool, seconds=_LOOK_SECONDS)
        except TimeoutError:
            continue
        break
    await receiver.until(bool, seconds=0)


async def test_a_late_finish_of_a_stopped_dispatcher_moves_nothing(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with receiving() as receiver, running(tmp_path, redis_server.url, "ingest", "deliver") as processes:
        ingest, first = processes
        endpoint_id = await endpoint(ingest, receiver, timeout_seconds=1)

        def stop_the_first(_: Delivery) -> int:
            first.process.send_signal(signal.SIGSTOP)
            return 204

        receiver.answer = stop_the_first
        await ingest.receive("m_1", "7001")
        await receiver.until(lambda deliveries: len(deliveries) == 1)
        receiver.answer = lambda _: 204
        async with running(tmp_path, redis_server.url, "deliver") as (second,):
            await receiver.until(lambda deliveries: len(deliveries) == 2)
            first.process.send_signal(signal.SIGCONT)
            await ingest.receive("m_2", "7001")
            await receiver.until(lambda deliveries: len(deliveries) == 3)
            for dispatcher in (first, second):
                assert await ended(dispatcher.process, signal.SIGTERM) == 0
        listed = await ingest.http.get("/v1/deliveries", params={"endpoint_id": endpoint_id})
        assert [one["state"] for one in listed.json()["data"]] == ["delivered", "delivered"]
        ids = [delivery.webhook_id for delivery in receiver.deliveries]
        assert ids[0] == ids[1] != ids[2]


async def test_a_process_that_delivers_has_health_and_metrics_and_nothing_else(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with running(tmp_path, redis_server.url, "deliver") as (process,):
        for path, status in (("/healthz", 200), ("/metrics", 200), ("/v1/endpoints", 404)):
            assert (await process.http.get(path)).status_code == status
        assert (await process.http.post("/webhooks/facebook")).status_code == 404
