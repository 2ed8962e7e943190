"""`gateway migrate`: a gateway that has outgrown its file goes on in Redis."""

import signal
from pathlib import Path

import pytest

from tests.cli.test_commands import gateway
from tests.gateways import environment, messenger_text, signed
from tests.receivers import receiving
from tests.redis_servers import RedisServer
from tests.servers import ended, free_port, ready, serving

MIDS = [f"m_{number}" for number in range(10)]


@pytest.mark.anyio
async def test_what_was_not_delivered_from_the_file_is_delivered_from_redis(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    file, port = f"sqlite:///{tmp_path}/gateway.db", free_port()
    async with receiving() as receiver:
        receiver.answer = lambda _: 500
        with serving(tmp_path, port, retry_schedule="1,1,1,1,1,1,1,1,1,1") as process:
            http = await ready(port)
            await http.post("/v1/endpoints", json={"url": receiver.url, "events": ["message.received"]})
            for mid in MIDS:
                body = messenger_text(mid)
                await http.post("/webhooks/facebook", content=body, headers=signed(body))
            await http.aclose()
            assert await ended(process, signal.SIGTERM) == 0
        moved = gateway("migrate", "--from", file, "--to", redis_server.url, **environment(tmp_path))
        again = gateway("migrate", "--from", file, "--to", redis_server.url, **environment(tmp_path))
        receiver.answer = lambda _: 204
        receiver.deliveries.clear()
        with serving(tmp_path, port, store=redis_server.url):
            http = await ready(port)
            await receiver.until(lambda deliveries: len(deliveries) == len(MIDS))
            await http.aclose()
    assert [one.event["message"]["id"] for one in receiver.deliveries] == MIDS
    assert moved.returncode == again.returncode == 0, moved.stderr
    assert moved.stdout == again.stdout
    assert "100%" in moved.stderr


def test_a_store_is_not_moved_into_itself(tmp_path: Path) -> None:
    run = gateway(
        "migrate", "--from", "redis://127.0.0.1", "--to", "redis://127.0.0.1", **environment(tmp_path)
    )
    assert (run.returncode, "the same store" in run.stderr) == (2, True)


@pytest.mark.anyio
async def test_a_gateway_that_still_runs_is_named(tmp_path: Path, redis_server: RedisServer) -> None:
    port = free_port()
    with serving(tmp_path, port, "ingest", store=redis_server.url):
        await (await ready(port)).aclose()
        new = f"sqlite:///{tmp_path}/new.db"
        run = gateway("migrate", "--from", redis_server.url, "--to", new, **environment(tmp_path))
    assert (run.returncode, "a gateway is running" in run.stderr) == (1, True)


def test_a_url_that_is_none_is_misuse(tmp_path: Path) -> None:
    run = gateway("migrate", "--from", "gateway.db", "--to", "redis://127.0.0.1", **environment(tmp_path))
    assert (run.returncode, run.stderr.startswith("gateway: --from ")) == (2, True)
