"""Processes that tests talk with: whoever reads what one of them says does not wait for ever."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.patience import SOON


@contextmanager
def child(command: Sequence[str], folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """A process with pipes to it and from it; killed at the end of the block, and before if it hangs."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, text=True) as process:
        alarm = Timer(2 * SOON, process.kill)
        alarm.start()
        try:
            yield process
        finally:
            alarm.cancel()
            process.kill()


def said(process: "subprocess.Popen[str]") -> str:
    """The next line that the process says; empty at its end."""
    assert process.stdout is not None
    return process.stdout.readline()
