"""The whole API against schemathesis: every check, every phase, the stateful one too, and no failure.

The gateway is real and answers on loopback, but delivers nothing: endpoints are made with made-up URLs.
Its Meta is simulated, and knows nobody.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.app import Gateway
from gateway.cli.server import listen, server, url_of
from gateway.simulator import Meta, serving
from tests.api.arrivals import arrival
from tests.gateways import ADMIN_KEY, settings

pytestmark = pytest.mark.anyio

CONFIG = Path(__file__).with_name("schemathesis.toml")
SECONDS = "25"
"""For the whole run: on a faster machine it tries more."""


@asynccontextmanager
async def answering(folder: Path) -> AsyncIterator[str]:
    """The API of a gateway that has some events; its URL."""
    async with serving(Meta(seed=1)) as graph_url:
        gateway = Gateway(settings(folder, graph_url=graph_url))
        await gateway.open()
        await gateway.store.accept([arrival(number) for number in (1, 2, 3)])
        listener, http = listen("127.0.0.1", 0), server(gateway)
        task = asyncio.create_task(http.serve(sockets=[listener]))
        try:
            yield url_of(listener)
        finally:
            http.should_exit = True
            await task
            await gateway.close()


async def test_no_request_that_can_be_made_up_gets_an_answer_outside_the_reference(tmp_path: Path) -> None:
    async with answering(tmp_path) as url:
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
            *(f"{url}/openapi.yaml", "--header", f"Authorization: Bearer {ADMIN_KEY}"),
            *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-time", SECONDS, "--generation-deterministic", "--no-color"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await run.communicate()
    assert run.returncode == 0, output.decode()
