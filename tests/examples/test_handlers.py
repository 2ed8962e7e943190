"""The example handlers verify real deliveries, of all three channels, with their language's library."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.cli.traffic import HELLOS, world
from gateway.simulator import KINDS
from gateway.simulator.webhooks import wire
from gateway.simulator.webhooks.envelope import News, envelope
from tests.gateways import APP_SECRET, running, signed
from tests.servers import ROOT, free_port

EXAMPLES = ROOT / "examples"
EXPECTED = ("facebook 7241893650021847", "instagram 928374650192837465", "whatsapp 46701740605")


@contextmanager
def process(command: list[str], folder: Path, **variables: str) -> "Iterator[subprocess.Popen[str]]":
    handler = subprocess.Popen(
        command, cwd=folder, env=os.environ | variables, stdout=subprocess.PIPE, text=True
    )
    try:
        yield handler
    finally:
        handler.kill()
        handler.communicate()


def python_handler(_: Path, port: int) -> tuple[list[str], Path]:
    return [sys.executable, "-m", "uvicorn", "handler:app", "--port", str(port)], EXAMPLES


def node_handler(folder: Path, port: int) -> tuple[list[str], Path]:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not on this machine")
    for name in ("handler.mjs", "package.json", "package-lock.json"):
        shutil.copy(EXAMPLES / name, folder)
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, check=False, timeout=120
    )
    if installed.returncode:
        pytest.skip("npm cannot install the Standard Webhooks library here")
    return ["node", "handler.mjs"], folder


@pytest.mark.anyio
@pytest.mark.parametrize("handler", [python_handler, node_handler])
async def test_one_handler_serves_all_three_channels(
    handler: Callable[[Path, int], tuple[list[str], Path]], tmp_path: Path
) -> None:
    port = free_port()
    command, folder = await asyncio.to_thread(handler, tmp_path, port)
    async with running(tmp_path, retry_schedule="1,1,1,1,1,1,1,1,1,1") as (_, http):
        created = await http.post("/v1/endpoints", json={"url": f"http://127.0.0.1:{port}/"})
        variables = {"WEBHOOK_SECRET": created.json()["secret"], "PORT": str(port)}
        with process(command, folder, **variables) as running_handler:
            await _send_samples(http)
            async with asyncio.timeout(60):
                printed = await asyncio.to_thread(_read_lines, running_handler, len(EXPECTED))
    assert sorted(line.partition(" → ")[0] for line in printed) == sorted(EXPECTED)


async def _send_samples(http: httpx.AsyncClient) -> None:
    meta = world(APP_SECRET)
    for hello in HELLOS:
        asset, person = meta.asset(hello.page), meta.person(hello.platform)
        element = KINDS[hello.platform]["text"].build(meta.scene(asset, person, {}))
        body = wire.encode(envelope([News(asset, element)], meta.clock.now_ms()))
        answer = await http.post(f"/webhooks/{hello.platform}", content=body, headers=signed(body))
        assert answer.status_code == 200


def _read_lines(handler: "subprocess.Popen[str]", count: int) -> list[str]:
    assert handler.stdout is not None
    lines: list[str] = []
    while len(lines) < count:
        line = handler.stdout.readline()
        assert line, "the handler ended"
        if " → " in line:
            lines.append(line.strip())
    return lines
