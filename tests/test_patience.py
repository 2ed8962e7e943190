"""A test that waits for ever is ended and named; if no exception wakes it, with its process and the run."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY

HANGING = """
import asyncio, subprocess, threading
def test_of_an_event(): asyncio.run(asyncio.Event().wait())
def test_of_a_process(): subprocess.run(["sleep", "60"])
def test_of_a_thread(): threading.Event().wait()
def test_of_nothing(): pass
def test_of_a_cleanup(): asyncio.run(asyncio.to_thread(threading.Event().wait))
"""


def test_a_test_that_hangs_is_ended_and_named(tmp_path: Path) -> None:
    file = tmp_path / "test_hanging.py"
    file.write_text(HANGING)
    told = run(file)
    for waits in ("an_event", "a_process", "a_thread"):
        assert f"::test_of_{waits} - Failed: Timeout" in told, told
    assert "crashed while running 'test_hanging.py::test_of_a_cleanup'" in told, told
    assert "4 failed, 1 passed" in told, told


def run(file: Path) -> str:
    """What is told of a file's tests under the rules of this repository, in moments instead of minutes."""
    rules = ["-c", str(REPOSITORY / "pyproject.toml"), "--rootdir", str(file.parent)]
    soon = ["-o", "timeout=0.3", "-o", "faulthandler_timeout=2"]
    as_in_make = ["--numprocesses", "1", "--dist", "loadfile", "--max-worker-restart", "0"]
    command = [sys.executable, "-m", "pytest", "-q", *rules, *soon, *as_in_make, str(file)]
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin,pytest_timeout"}
    environment = os.environ | alone | {"COLUMNS": "200"}
    ended = subprocess.run(command, capture_output=True, env=environment, text=True, timeout=120, check=False)
    return ended.stdout
