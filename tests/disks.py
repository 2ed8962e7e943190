"""A small disk of its own for a test, where the test may mount one."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import SOON


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system of that size, empty. Skips the test without the right to mount."""
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if (
        mount is None
        or subprocess.run([mount, *options], capture_output=True, check=False, timeout=SOON).returncode
    ):
        pytest.skip("mounting a file system needs rights that this user has not")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=SOON)


@contextmanager
def ballast(folder: Path, mebibytes: int) -> Iterator[None]:
    """So much of the disk is somebody else's until the block ends."""
    file = folder / "ballast"
    file.write_bytes(bytes(mebibytes << 20))
    try:
        yield
    finally:
        file.unlink()
