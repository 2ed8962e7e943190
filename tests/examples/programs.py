"""The programs of examples/ as processes of their own, with whatever they need on this machine."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.patience import SOON
from tests.servers import ROOT, wait_for_listener

EXAMPLES = ROOT / "examples"
Build = Callable[[Path, int], list[str]]
"""A scratch folder and a port → the command that serves there. Skips where its language is absent."""


def _needs(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not on this machine")


def python_handler(_: Path, port: int) -> list[str]:
    options = ["--app-dir", str(EXAMPLES), "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", "handler:app", *options]


def node_handler(folder: Path, _: int) -> list[str]:
    _needs("node", "npm")
    for name in ("handler.mjs", "package.json", "package-lock.json"):
        shutil.copy(EXAMPLES / name, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund"]
    if subprocess.run(install, cwd=folder, capture_output=True, check=False, timeout=2 * SOON).returncode:
        pytest.skip("npm cannot install the Standard Webhooks library here")
    return ["node", str(folder / "handler.mjs")]


def python(_: Path, __: int) -> list[str]:
    return [sys.executable, str(EXAMPLES / "verify.py")]


def node(_: Path, __: int) -> list[str]:
    _needs("node")
    return ["node", str(EXAMPLES / "verify.mjs")]


def go(folder: Path, _: int) -> list[str]:
    _needs("go")
    binary = str(folder / "verify")
    build = ["go", "build", "-o", binary, str(EXAMPLES / "verify.go")]
    alone = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}  # no C compiler, nothing fetched
    subprocess.run(build, env=os.environ | alone, check=True, timeout=4 * SOON)
    return [binary]


def php(_: Path, port: int) -> list[str]:
    _needs("php")
    return ["php", "-S", f"127.0.0.1:{port}", str(EXAMPLES / "verify.php")]


def ruby(_: Path, __: int) -> list[str]:
    _needs("ruby")
    return ["ruby", str(EXAMPLES / "verify.rb")]


def java(_: Path, __: int) -> list[str]:
    _needs("java", "javac")  # without a compiler it runs no source file
    return ["java", str(EXAMPLES / "Verify.java")]


VERIFIERS: dict[str, Build] = {
    "verify.py": python,
    "verify.mjs": node,
    "verify.go": go,
    "verify.php": php,
    "verify.rb": ruby,
    "Verify.java": java,
}


@contextmanager
def process(command: list[str], port: int, secret: str) -> "Iterator[subprocess.Popen[str]]":
    """The command until the block ends, told where to listen and what to verify with; it listens already."""
    environment = os.environ | {"PORT": str(port), "WEBHOOK_SECRET": secret}
    started = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        patience = monotonic() + SOON
        while not wait_for_listener(port):
            assert started.poll() is None, "the program ended"
            assert monotonic() < patience, "the program does not listen"
        yield started
    finally:
        started.kill()
        started.communicate(timeout=SOON)


async def printed(running: "subprocess.Popen[str]", mark: str, count: int) -> list[str]:
    """The first lines of a program that hold the mark. Raises TimeoutError."""
    async with asyncio.timeout(SOON):
        return await asyncio.to_thread(_read, running, mark, count)


def _read(running: "subprocess.Popen[str]", mark: str, count: int) -> list[str]:
    assert running.stdout is not None
    lines: list[str] = []
    while len(lines) < count:
        line = running.stdout.readline()
        assert line, "the program ended"
        if mark in line:
            lines.append(line.strip())
    return lines
