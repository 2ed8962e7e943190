"""`gateway listen`: a real server, a real local receiver, the command in a process of its own."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.test_commands import gateway
from tests.gateways import ADMIN_KEY, environment, messenger_text, signed
from tests.patience import SOON
from tests.receivers import Delivery, Receiver, receiving
from tests.servers import ROOT, free_port, ready, serving

pytestmark = pytest.mark.anyio


class Listening:
    """The command while it runs."""

    def __init__(self, process: "asyncio.subprocess.Process") -> None:
        self.process = process

    async def introduction(self) -> str:
        """Its first line, when it listens."""
        assert self.process.stderr is not None
        async with asyncio.timeout(SOON):
            return (await self.process.stderr.readline()).decode()

    async def attempt(self) -> dict[str, Any]:
        """The next attempt that it shows."""
        assert self.process.stdout is not None
        async with asyncio.timeout(SOON):
            return dict(json.loads(await self.process.stdout.readline()))

    async def interrupt(self) -> int:
        """Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(SOON):
            return await self.process.wait()


@asynccontextmanager
async def listening(receiver: Receiver, *options: str, **variables: str) -> AsyncIterator[Listening]:
    command = ("-m", "gateway", "listen", "--forward-to", receiver.url, "--json", *options)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env=dict(os.environ) | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Listening(process)
    finally:
        if process.returncode is None:
            process.kill()
        async with asyncio.timeout(SOON):
            await process.communicate()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a server runs."""
    chosen = free_port()
    with serving(tmp_path, chosen):
        yield chosen


async def say(http: httpx.AsyncClient, mid: str) -> None:
    """Meta sends a message."""
    body = messenger_text(mid)
    assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success


def mids(deliveries: list[Delivery]) -> list[str]:
    return [one.event["message"]["id"] for one in deliveries]


async def endpoints(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await http.get("/v1/endpoints")).json()["data"])


async def test_events_reach_a_local_program_signed_and_again_until_it_takes_them(
    tmp_path: Path, port: int
) -> None:
    variables = environment(tmp_path, port=str(port))
    async with aclosing(await ready(port)) as http, receiving() as receiver:
        options = ("--events", "message.received")
        async with listening(receiver, *options, **variables) as command:
            receiver.secret = re.search(r"whsec_\S+[^.\s]", await command.introduction())[0]  # type: ignore[index]
            receiver.answer = lambda _: 204 if len(receiver.deliveries) else 500
            await say(http, "m_1")
            await say(http, "m_2")
            shown = [await command.attempt() for _ in range(3)]
            assert await command.interrupt() == 0
        assert await endpoints(http) == []
    assert [(one["status"], one["taken"]) for one in shown] == [(500, False), (204, True), (204, True)]
    assert mids(receiver.deliveries) == ["m_1", "m_1", "m_2"]
    assert receiver.deliveries[0].webhook_id == receiver.deliveries[1].webhook_id == shown[0]["webhook_id"]
    assert receiver.deliveries[0].headers["user-agent"] == "social-gateway"


async def test_a_kept_endpoint_goes_on_behind_what_was_taken(tmp_path: Path, port: int) -> None:
    key = tmp_path / "key"
    key.write_text(ADMIN_KEY)
    options = (
        "--keep",
        "--server",
        f"http://127.0.0.1:{port}",
        "--key-file",
        str(key),
        "--events",
        "message.*",
    )
    async with aclosing(await ready(port)) as http, receiving() as receiver:
        async with listening(receiver, *options) as command:
            await command.introduction()
            await say(http, "m_1")
            await command.attempt()
            assert await command.interrupt() == 0
        await say(http, "m_2")
        async with listening(receiver, *options) as command:
            assert "its secret is as before" in await command.introduction()
            await command.attempt()
            assert await command.interrupt() == 0
        assert len(await endpoints(http)) == 1
    assert mids(receiver.deliveries) == ["m_1", "m_2"]


async def test_a_server_that_starts_again_is_waited_for(tmp_path: Path) -> None:
    port = free_port()
    variables = environment(tmp_path, port=str(port))
    async with receiving() as receiver, asyncio.timeout(2 * SOON):
        with serving(tmp_path, port) as server:
            await (await ready(port)).aclose()
            async with listening(receiver, "--events", "message.received", **variables) as command:
                await command.introduction()
                server.kill()
                assert "POST /v1/poll" in await command.introduction()
                with serving(tmp_path, port):
                    async with aclosing(await ready(port)) as http:
                        await say(http, "m_1")
                        assert (await command.attempt())["taken"]
                        assert await command.interrupt() == 0


def test_no_server_is_a_failure(tmp_path: Path) -> None:
    variables = environment(tmp_path, port=str(free_port()))
    run = gateway("listen", "--forward-to", "http://127.0.0.1:1/", **variables)
    assert run.returncode == 1
    assert run.stderr.startswith("gateway listen: GET /v1/endpoints")


def test_a_server_elsewhere_needs_a_key() -> None:
    run = gateway("listen", "--forward-to", "http://127.0.0.1:1/", "--server", "https://gateway.example")
    assert (run.returncode, run.stderr.partition(",")[0]) == (1, "gateway listen: --server needs --key-file")


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/hosts", "127.0.0.1:9000", "http://", "http://[x"]
)
def test_events_are_forwarded_only_where_they_can_be_posted(url: str) -> None:
    refused = gateway("listen", "--forward-to", url)
    assert refused.returncode == 2
    assert "--forward-to" in refused.stderr
