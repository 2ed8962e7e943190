"""`gateway serve` as a supervisor sees it: it starts with an address, it ends cleanly."""

import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.gateways import messenger_text, signed
from tests.receivers import receiving
from tests.servers import free_port, ready, serving


@pytest.mark.anyio
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_deliveries_land_and_closes_the_store(tmp_path: Path, number: int) -> None:
    port = free_port()
    async with receiving() as receiver:
        with serving(tmp_path, port) as process:
            http = await ready(port)
            await http.post("/v1/endpoints", json={"url": receiver.url})
            for count in range(20):
                body = messenger_text(f"m_{count}", psid=str(7000 + count))
                await http.post("/webhooks/facebook", content=body, headers=signed(body))
            await http.aclose()
            process.send_signal(number)
            assert process.wait(timeout=30) == 0
    assert not (tmp_path / "gateway.db-wal").exists()


def test_a_port_that_is_taken_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(tmp_path, port) as process:
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in errors.decode()
    assert "Traceback" not in errors.decode()


def test_a_second_server_on_the_same_file_is_told_what_to_do(tmp_path: Path) -> None:
    with serving(tmp_path, free_port()) as first:
        wait_for_address(first)
        with serving(tmp_path, free_port()) as second:
            _, errors = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "belongs to another running gateway" in errors.decode()


def wait_for_address(process: "subprocess.Popen[bytes]") -> None:
    """Until the server says where it listens."""
    assert process.stderr is not None
    assert b"The gateway listens on http://127.0.0.1:" in process.stderr.readline()
