"""A process that was asked to end does end."""

import subprocess
import sys

from tests.patience import SOON
from tests.servers import ROOT

HANGING = """
import asyncio, signal, threading
from gateway.cli import server
from tests.patience import SOON
server.STOP_SECONDS = 0.1
async def hang():
    server.on_stop(lambda: None)
    signal.raise_signal(signal.SIGTERM)
    await asyncio.to_thread(threading.Event().wait)
asyncio.run(hang())
"""


def test_a_process_that_does_not_come_to_its_end_is_broken_off_and_says_where_it_stood() -> None:
    command = [sys.executable, "-c", HANGING]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SOON, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("gateway: does not come to its end")
    assert "threading.py" in ended.stderr
