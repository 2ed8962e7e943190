"""`gateway serve` as a supervisor sees it: it starts with an address, it ends cleanly."""

import signal
import socket
from pathlib import Path

import pytest

from tests.gateways import messenger_text, signed
from tests.receivers import receiving
from tests.servers import ended, free_port, log_of, ready, serving


@pytest.mark.anyio
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_deliveries_land_and_closes_the_store(
    tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    async with receiving() as receiver:
        with serving(tmp_path, port) as process:
            http = await ready(port)
            await http.post("/v1/endpoints", json={"url": receiver.url})
            for count in range(20):
                body = messenger_text(f"m_{count}", psid=str(7000 + count))
                await http.post("/webhooks/facebook", content=body, headers=signed(body))
            await http.aclose()
            assert await ended(process, number) == 0
    assert not (tmp_path / "gateway.db-wal").exists()


@pytest.mark.anyio
async def test_a_port_that_is_taken_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(tmp_path, port) as process:
            assert await ended(process) == 1
    said = log_of(tmp_path, port).read_text()
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert "Traceback" not in said


@pytest.mark.anyio
async def test_a_second_server_on_the_same_file_is_told_what_to_do(tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    with serving(tmp_path, port):
        await (await ready(port)).aclose()
        with serving(tmp_path, other) as second:
            assert await ended(second) == 1
    assert f"The gateway listens on http://127.0.0.1:{port}" in log_of(tmp_path, port).read_text()
    assert "belongs to another running gateway" in log_of(tmp_path, other).read_text()
