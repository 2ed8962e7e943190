"""A server under test in a process of its own, on a core of its own, with what it uses of both."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parent.parent
_GRACE_S = 10
_LOG_TAIL = 2_000


def _cores() -> tuple[int, int] | tuple[None, None]:
    if sys.platform == "linux":
        available = sorted(os.sched_getaffinity(0))
        if len(available) > 1:
            return available[0], available[-1]
    return None, None


SERVER_CORE, LOAD_CORE = _cores()
"""Where the servers run, and where load and sink run; None where there are not two cores to choose from."""


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Run on one core only; children started meanwhile inherit it, with all their threads."""
    if sys.platform == "linux" and core is not None:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {core})
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)
    else:
        yield


class Child:
    """One process. `cpu_s` and `resident_bytes` are None where the system has no /proc."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log
        self._proc = Path(f"/proc/{process.pid}")

    @classmethod
    async def start(cls, module: Sequence[str], environment: Mapping[str, str], directory: Path) -> "Child":
        """`python -m module…` in `directory`, whose `child.log` takes all output, on the servers' core."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}
        inherited["PYTHONPATH"] = str(_REPOSITORY)
        log = directory / "child.log"
        with log.open("wb") as output, pinned(SERVER_CORE):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *module,
                cwd=directory,
                env={**inherited, **environment},
                stdout=output,
                stderr=output,
            )
        return cls(process, log)

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    @property
    def complaint(self) -> str:
        """The end of what it printed."""
        return self._log.read_text(errors="replace")[-_LOG_TAIL:].strip()

    def unpin(self) -> None:
        """Let it run on every core."""
        if sys.platform == "linux" and self._proc.exists():
            for thread in (self._proc / "task").iterdir():
                os.sched_setaffinity(int(thread.name), os.sched_getaffinity(0))

    async def stop(self) -> None:
        """End it, gently at first."""
        if self.ended:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_GRACE_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def cpu_s(self) -> float | None:
        """User and system seconds of all its threads so far (proc(5): fields 14 and 15 of stat)."""
        if not self._proc.exists():
            return None
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int | None:
        """Memory in use, shared pages included (proc(5): field 2 of statm)."""
        if not self._proc.exists():
            return None
        return int((self._proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
