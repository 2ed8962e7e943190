"""The real server in a process of its own, for tests that kill it."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.gateways import ADMIN_KEY, environment
from tests.patience import SOON

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(
    folder: Path, port: int, role: str = "all", **changes: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """`gateway serve` until the block ends; killed then, if it still runs. A failure shows its log."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}
    with log_of(folder, port).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "serve", "--role", role],
            cwd=ROOT,
            env=inherited | environment(folder, port=str(port), **changes),
            stderr=log,
        )
    try:
        yield process
    except BaseException:
        sys.stderr.write(log_of(folder, port).read_text())
        raise
    finally:
        process.kill()
        process.wait(SOON)


def log_of(folder: Path, port: int) -> Path:
    """What the servers on that port have said: a file, as a pipe that nobody empties stops who fills it."""
    return folder / f"serve-{port}.log"


async def ended(process: "subprocess.Popen[bytes]", number: signal.Signals | None = None) -> int:
    """What the process returns, after a signal if there is one. Raises TimeoutExpired.

    Beside the event loop: receivers in this process have to answer what the gateway lets land.
    """
    if number is not None:
        process.send_signal(number)
    return await asyncio.to_thread(process.wait, 2 * SOON)


async def ready(port: int) -> httpx.AsyncClient:
    """A client of the server on that port, as soon as it takes writes. Raises TimeoutError."""
    headers = {"authorization": f"Bearer {ADMIN_KEY}"}
    http = httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False, timeout=10
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(http.aclose)
        async with asyncio.timeout(SOON):
            while not await _answers(http):
                await asyncio.to_thread(wait_for_listener, port)
        stack.pop_all()
    return http


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def wait_for_listener(port: int) -> bool:
    """Whether something listens; says no only after a tenth of a second."""
    with socket.socket() as probe, socket.socket() as silence:
        if not probe.connect_ex(("127.0.0.1", port)):
            return True
        silence.bind(("127.0.0.1", 0))
        silence.listen()
        silence.settimeout(0.1)
        with contextlib.suppress(TimeoutError):
            silence.accept()
        return False
