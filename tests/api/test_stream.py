"""Events as they come, over real HTTP: a stream ends when it should, and only then."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from gateway.api.log_reader import LogReader
from gateway.api.stream import HEARTBEAT, frames
from gateway.app import Gateway
from gateway.cli.server import Server, listen, server, url_of
from gateway.doorbell import Doorbell
from gateway.services import Services
from tests.api.arrivals import arrival
from tests.api.test_poll import create_pull, names, poll
from tests.gateways import ADMIN_KEY, messenger_text, settings, signed
from tests.patience import SOON
from tests.servers import ended, free_port, ready, serving

pytestmark = pytest.mark.anyio

MANY = 150
"""So many long messages are more than the buffers between two sockets hold."""


class Served:
    """A gateway behind a real server, and a client of it."""

    def __init__(self, gateway: Gateway, server: Server, http: httpx.AsyncClient) -> None:
        self.gateway = gateway
        self.server = server
        self.http = http

    async def message(self, mid: str, text: str = "hi") -> None:
        """Meta sends a message."""
        body = messenger_text(mid, text)
        answer = await self.http.post("/webhooks/facebook", content=body, headers=signed(body))
        assert answer.status_code == 200


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    gateway = Gateway(settings(folder))
    await gateway.start()
    listener, serving = listen("127.0.0.1", 0), server(gateway, gateway.hang_up)
    task = asyncio.create_task(serving.serve(sockets=[listener]))
    headers = {"authorization": f"Bearer {ADMIN_KEY}"}
    try:
        async with (
            asyncio.timeout(SOON),
            httpx.AsyncClient(base_url=url_of(listener), headers=headers) as http,
        ):
            yield Served(gateway, serving, http)
    finally:
        serving.should_exit = True
        await task
        await gateway.stop()


@asynccontextmanager
async def streaming(
    http: httpx.AsyncClient, endpoint: dict[str, Any], **headers: str
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """The events of a stream, field by field."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    query = {"endpoint_id": endpoint["id"]}
    async with http.stream("GET", "/v1/stream", params=query, headers=named) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer)


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif fields:
            yield fields
            fields = {}


async def test_what_is_there_comes_first_and_then_what_happens(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        endpoint = await create_pull(it.http, events=["message.received"])
        await it.message("m_1")
        async with streaming(it.http, endpoint) as events:
            first = await anext(events)
            await it.message("m_2")
            second = await anext(events)
        assert (first["event"], '"id":"m_1"' in first["data"]) == ("message.received", True)
        assert '"id":"m_2"' in second["data"]
        assert (await poll(it.http, endpoint))["cursor"] == second["id"]


async def test_a_stream_resumes_behind_the_last_event_id_which_acknowledges(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        endpoint = await create_pull(it.http, events=["message.received"])
        for number in range(3):
            await it.message(f"m_{number}")
        async with streaming(it.http, endpoint) as events:
            first = await anext(events)
        async with streaming(it.http, endpoint) as events:
            assert await anext(events) == first
        async with streaming(it.http, endpoint, Last_Event_ID=first["id"]) as events:
            second = await anext(events)
        assert '"id":"m_1"' in second["data"]
        assert len(names(await poll(it.http, endpoint))) == 2


async def test_a_stream_ends_when_its_endpoint_is_deleted_or_its_key_revoked(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        made = (await it.http.post("/v1/customers/default/keys", json={"scopes": ["read"]})).json()
        deleted, kept = await create_pull(it.http), await create_pull(it.http)
        key = {"authorization": f"Bearer {made['key']}"}
        async with (
            streaming(it.http, deleted) as of_deleted,
            streaming(it.http, kept, **key) as of_revoked,
        ):
            await it.http.delete(f"/v1/endpoints/{deleted['id']}")
            await it.http.delete(f"/v1/customers/default/keys/{made['id']}")
            for endpoint in (deleted, kept):
                it.gateway.deliverer.wake(endpoint["id"])
            assert [event async for event in of_deleted] == []
            assert [event async for event in of_revoked] == []


async def test_nothing_is_left_of_a_client_that_has_gone(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        endpoint = await create_pull(it.http, events=["message.received"])
        await it.message("m_1")
        async with streaming(it.http, endpoint) as events:
            await anext(events)
        while it.server.server_state.tasks:
            await it.http.get("/healthz")


async def test_a_reader_that_does_not_read_holds_nobody_up(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        endpoint = await create_pull(it.http, events=["message.received"])
        with unread(it.http.base_url, endpoint["id"]):
            for number in range(MANY):
                await it.message(f"m_{number}", "long " * 10_000)
            seen: list[str] = []
            async with streaming(it.http, endpoint) as events:
                while len(seen) < MANY:
                    seen.append((await anext(events))["id"])
            assert seen == sorted(seen, key=int)


@contextmanager
def unread(url: httpx.URL, endpoint_id: str) -> Any:
    """A stream that is asked for, and never read."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((url.host, url.port))
        head = f"GET /v1/stream?endpoint_id={endpoint_id} HTTP/1.1\r\nhost: gateway\r\n"
        connection.sendall(f"{head}authorization: Bearer {ADMIN_KEY}\r\n\r\n".encode())
        yield


async def test_sigterm_ends_a_stream_and_the_server_at_once(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        http = await ready(port)
        endpoint = await create_pull(http)
        async with streaming(http, endpoint) as events:
            process.send_signal(signal.SIGTERM)
            assert [event async for event in events] == []
        await http.aclose()
        assert await ended(process) == 0


async def test_only_so_much_is_read_ahead_as_is_written(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint = await create_pull(customer, events=["message.received"])
    await services.store.accept([arrival(number) for number in range(1, 101)])
    log, doorbell = LogReader(services, endpoint["id"], "0"), Doorbell()
    with doorbell.listening(endpoint["id"]) as listener:
        stream = frames(log, listener, lambda: True)
        first = [await anext(stream) for _ in range(3)]
        await stream.aclose()
    assert len(first) == 3
    twentieth = (await poll(customer, endpoint, limit=20))["cursor"]
    assert log.position == twentieth


async def test_a_silent_stream_says_so_now_and_then(services: Services, customer: httpx.AsyncClient) -> None:
    endpoint = await create_pull(customer)
    log, doorbell = LogReader(services, endpoint["id"], "0"), Doorbell()
    with doorbell.listening(endpoint["id"]) as listener:
        stream = frames(log, listener, lambda: True, heartbeat=0.001)
        assert [await anext(stream), await anext(stream)] == [HEARTBEAT, HEARTBEAT]
        await stream.aclose()


async def test_bytes_of_several_lines_are_several_data_fields(
    services: Services, customer: httpx.AsyncClient
) -> None:
    endpoint = await create_pull(customer, events=["message.received"], format="raw")
    made = arrival(1)
    decoded = replace(made.decoded, envelope=b'{\n"object":\r\n"page"}', element=(0, 22))
    await services.store.accept([replace(made, decoded=decoded)])
    log, doorbell = LogReader(services, endpoint["id"], "0"), Doorbell()
    with doorbell.listening(endpoint["id"]) as listener:
        stream = frames(log, listener, lambda: True)
        _, *fields = (await anext(stream)).split(b"\n")
        await stream.aclose()
    data = [b"data: {", b'data: "object":', b'data: "page"}']
    assert fields == [b"event: message.received", *data, b"", b""]


async def test_a_last_event_id_at_fault_is_named(customer: httpx.AsyncClient) -> None:
    endpoint = await create_pull(customer)
    path = f"/v1/stream?endpoint_id={endpoint['id']}"
    answer = await customer.get(path, headers={"Last-Event-ID": "evt_1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Last-Event-ID")


async def test_an_endless_answer_has_no_head_alone(tmp_path: Path) -> None:
    async with served(tmp_path) as it:
        endpoint = await create_pull(it.http)
        answer = await it.http.head("/v1/stream", params={"endpoint_id": endpoint["id"]})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
