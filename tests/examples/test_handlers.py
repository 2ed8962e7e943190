"""The example handlers verify real deliveries, of all three channels, with their language's library."""

import asyncio
from pathlib import Path

import httpx
import pytest

from gateway.cli.traffic import HELLOS, world
from gateway.simulator import KINDS
from gateway.simulator.webhooks import wire
from gateway.simulator.webhooks.envelope import News, envelope
from tests.examples.programs import Build, node_handler, printed, process, python_handler
from tests.gateways import APP_SECRET, running, signed
from tests.servers import free_port

EXPECTED = ("facebook 7241893650021847", "instagram 928374650192837465", "whatsapp 46701740605")


@pytest.mark.anyio
@pytest.mark.parametrize("handler", [python_handler, node_handler])
async def test_one_handler_serves_all_three_channels(handler: Build, tmp_path: Path) -> None:
    port = free_port()
    command = await asyncio.to_thread(handler, tmp_path, port)
    async with running(tmp_path) as (_, http):
        created = await http.post("/v1/endpoints", json={"url": f"http://127.0.0.1:{port}/"})
        with process(command, port, created.json()["secret"]) as running_handler:
            await send_samples(http)
            lines = await printed(running_handler, " → ", len(EXPECTED))
    assert sorted(line.partition(" → ")[0] for line in lines) == sorted(EXPECTED)


async def send_samples(http: httpx.AsyncClient) -> None:
    """Meta sends one message of each channel."""
    meta = world(APP_SECRET)
    for hello in HELLOS:
        asset, person = meta.asset(hello.page), meta.person(hello.platform)
        element = KINDS[hello.platform]["text"].build(meta.scene(asset, person, {"text": hello.text}))
        body = wire.encode(envelope([News(asset, element)], meta.clock.now_ms()))
        answer = await http.post(f"/webhooks/{hello.platform}", content=body, headers=signed(body))
        assert answer.status_code == 200
