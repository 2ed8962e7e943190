"""The processes of one gateway, each of which can be killed, stopped and started again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.gateways import environment
from tests.patience import SOON
from tests.servers import ROOT, free_port, ready

SCHEDULE = "1,1,2,2,3,3,5,5,5,5,5,5,10,10,10,10"
"""Seconds between attempts: as dense as a row is short."""


class Member:
    """One process; a restart keeps its port."""

    def __init__(self, folder: Path, role: str, store: str) -> None:
        self.role = role
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"{role}-{self.port}.log"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}
        changes = {"store": store, "port": str(self.port), "retry_schedule": SCHEDULE}
        self._environment = inherited | environment(folder, **changes)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> httpx.AsyncClient:
        """Run; a client of it, when it is ready."""
        self._spawn()
        return await ready(self.port)

    def _spawn(self) -> None:
        command = [sys.executable, "-m", "tests.chaos.launcher", self.role]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stderr=output)

    async def restart(self) -> None:
        """Run again after `kill`."""
        await (await self.start()).aclose()

    @property
    def process_id(self) -> int:
        """Of the process that runs."""
        if self._process is None:
            raise ProcessLookupError(self.role)
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        os.kill(self.process_id, number)

    def kill(self) -> None:
        """SIGKILL: what a crash does to it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(SOON)
            self._process = None

    def end(self) -> int:
        """SIGTERM; what the process returned."""
        self.send(signal.SIGTERM)
        assert self._process is not None
        status = self._process.wait(2 * SOON)
        self._process = None
        return status


class Fleet:
    """All processes of one gateway."""

    def __init__(self, folder: Path, store: str, roles: tuple[str, ...]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.members = [Member(folder, role, store) for role in roles]

    @property
    def ingest(self) -> list[Member]:
        """Those that take webhooks."""
        return [member for member in self.members if member.role != "deliver"]

    @property
    def deliver(self) -> list[Member]:
        """Those that deliver."""
        return [member for member in self.members if member.role != "ingest"]

    def urls(self) -> list[str]:
        """Where webhooks can be sent."""
        return [member.url for member in self.ingest]

    def kill(self) -> None:
        """All of them."""
        for member in self.members:
            member.kill()
