import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.child import Child
from bench.load import Closed
from bench.plain import normalise
from bench.servers import free_port, listening, new_keys
from bench.sink import Sink
from bench.traffic import PLATFORMS, Traffic

KEYS = new_keys()
NOW = 1_790_000_000_000


@asynccontextmanager
async def plain(directory: Path, sink: Sink) -> AsyncIterator[int]:
    environment = {
        "PLAIN_DATABASE": str(directory / "plain.db"),
        "PLAIN_APP_SECRET": KEYS.app_secret,
        "PLAIN_ENDPOINT_SECRET": KEYS.endpoint_secret,
    }
    port = free_port()
    sink.secret = KEYS.endpoint_secret
    await sink.open()
    child = await Child.start(("bench.plain", str(port), sink.url), environment, directory)
    try:
        await listening(child, port)
        yield port
    finally:
        await child.stop()
        await sink.close()


@pytest.mark.anyio
async def test_a_message_is_stored_and_delivered_once_and_signed(tmp_path: Path) -> None:
    sink = Sink()
    requests = Traffic(KEYS.app_secret, NOW).requests(30)
    async with plain(tmp_path, sink) as port:
        async with Closed(port, requests + requests[:10], sink, window=100) as load:
            await load.run(seconds=10)
        assert await sink.received(30, limit_s=20)
    assert (len(load.accepted), load.refused, sink.repeated) == (30, 0, 0)
    assert (sink.checked, sink.forged) == (1, 0)
    with sqlite3.connect(tmp_path / "plain.db") as database:
        rows = database.execute("SELECT state, attempts, count(*) FROM events GROUP BY 1, 2").fetchall()
    database.close()
    assert rows == [("delivered", 1, 30)]


@pytest.mark.anyio
async def test_a_forged_message_is_refused_and_not_stored(tmp_path: Path) -> None:
    sink = Sink()
    requests = Traffic("another secret", NOW).requests(3)
    async with plain(tmp_path, sink) as port, Closed(port, requests, sink, window=100) as load:
        await load.run(seconds=10)
    assert (len(load.accepted), load.refused) == (0, 3)
    with sqlite3.connect(tmp_path / "plain.db") as database:
        rows = database.execute("SELECT id FROM events").fetchall()
    database.close()
    assert rows == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_all_platforms_have_one_shape(platform: str) -> None:
    _, body = Traffic("secret", NOW, (platform,)).envelope(4)
    (event,) = normalise(platform, json.loads(body))
    assert (event["platform"], event["event"]) == (platform, "message.received")
    assert (event["page_id"], event["from"]) == ("100000000000016", "2000000000004036")
    assert event["timestamp"] == NOW // 1000
    assert event["message"]["body"].startswith("bench-000000004 ")
