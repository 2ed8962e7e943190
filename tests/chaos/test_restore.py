"""A backup that was made while the gateway served: what was open is delivered, what was known is known."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.gateways import environment, messenger_text, signed
from tests.patience import SOON
from tests.receivers import Receiver, receiving
from tests.redis_servers import RedisServer, server, until
from tests.servers import ROOT, free_port, ready, serving

MIDS = [f"m_{number}" for number in range(20)]


@asynccontextmanager
async def gateway(folder: Path, store: str) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway on that store, and a client of it."""
    port = free_port()
    with serving(folder, port, store=store, retry_schedule=",".join(["1"] * 60)):
        http = await ready(port)
        try:
            yield http
        finally:
            await http.aclose()


async def write(http: httpx.AsyncClient) -> None:
    """Everybody's messages, as Meta sends them."""
    for mid in MIDS:
        body = messenger_text(mid)
        (await http.post("/webhooks/facebook", content=body, headers=signed(body))).raise_for_status()


async def refused(http: httpx.AsyncClient, receiver: Receiver) -> None:
    """Messages for a receiver that takes none of them yet."""
    receiver.answer = lambda _: 500
    wanted = {"url": receiver.url, "events": ["message.received"]}
    (await http.post("/v1/endpoints", json=wanted)).raise_for_status()
    await write(http)
    await receiver.until(bool)


async def assert_whole(http: httpx.AsyncClient, receiver: Receiver) -> None:
    """Everything arrives, in order; what Meta sends again is known."""
    await write(http)
    # The last attempt of the gateway that is gone may still lie in the receiver's socket.
    await receiver.until(lambda deliveries: len({one.webhook_id for one in deliveries}) == len(MIDS))
    assert list(dict.fromkeys(one.event["message"]["id"] for one in receiver.deliveries)) == MIDS
    listed = await http.get("/v1/events", params={"event": "message.received", "limit": 100})
    assert len(listed.json()["data"]) == len(MIDS)


def back_up(folder: Path, target: Path) -> "subprocess.CompletedProcess[str]":
    """`gateway backup`, beside the gateway that runs."""
    command = [sys.executable, "-m", "gateway", "backup", str(target)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=2 * SOON
    )


@pytest.mark.anyio
async def test_a_copy_of_the_file_goes_on_where_the_original_was(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    async with receiving() as receiver:
        async with gateway(tmp_path, f"sqlite:///{tmp_path}/gateway.db") as http:
            await refused(http, receiver)
            made = back_up(tmp_path, copy)
        receiver.answer = lambda _: 204
        receiver.deliveries.clear()
        async with gateway(tmp_path, f"sqlite:///{copy}") as http:
            await assert_whole(http, receiver)
    assert (made.returncode, made.stderr) == (0, "")
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.anyio
async def test_a_snapshot_of_redis_goes_on_where_the_original_was(tmp_path: Path) -> None:
    with server(tmp_path / "first") as first:
        async with receiving() as receiver:
            async with gateway(tmp_path, first.url) as http:
                await refused(http, receiver)
                snapshot = save(first, tmp_path / "first")
            receiver.answer = lambda _: 204
            receiver.deliveries.clear()
            with restored(tmp_path / "second", snapshot) as second:
                async with gateway(tmp_path, second.url) as http:
                    await assert_whole(http, receiver)


def save(one: RedisServer, folder: Path) -> Path:
    """BGSAVE; the file that it wrote."""
    before = one.client.lastsave()
    one.client.bgsave()
    until(lambda: one.client.info("persistence")["rdb_bgsave_in_progress"] == 0)
    assert one.client.lastsave() >= before
    return folder / "dump.rdb"


@contextmanager
def restored(folder: Path, snapshot: Path) -> Iterator[RedisServer]:
    """A server that begins with the snapshot, and appends to a file from then on."""
    folder.mkdir()
    shutil.copy(snapshot, folder / "dump.rdb")
    with server(folder, appendonly="no") as one:
        one.client.config_set("appendonly", "yes")
        until(lambda: one.client.info("persistence")["aof_rewrite_in_progress"] == 0)
        yield one


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "gateway.db").touch()
    (tmp_path / "copy.db").touch()
    made = back_up(tmp_path, tmp_path / "copy.db")
    assert made.returncode == 1
    assert "overwrites nothing" in made.stderr


def test_a_backup_of_no_store_is_refused(tmp_path: Path) -> None:
    made = back_up(tmp_path, tmp_path / "copy.db")
    assert (made.returncode, "there is no store" in made.stderr) == (1, True)
    assert not list(tmp_path.iterdir())
