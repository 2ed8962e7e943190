"""The room for the file: how much there is, and whether anything new may be taken in.

SQLite survives a disk that fills up in the middle of a write. This is so that it does not come to that:
what is stored must still be delivered, and the outcomes of that need a little room.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from gateway.store.intake import Intake

MIB = 1 << 20
_FAILED = "the disk is full or fails"
_UNMEASURED = "the free disk space cannot be measured"


def free_bytes(folder: Path) -> int:
    """What may still be written to the file system of a folder. Raises OSError."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


class Room(Struct, frozen=True):
    """How much room there must be, and who knows how much there is."""

    floor: int = 0
    """Bytes: with less than that free, nothing new is taken in."""
    free: Callable[[Path], int] = free_bytes


NO_FLOOR = Room()


class Disk(Intake):
    """The intake of a store whose room is on a disk."""

    def __init__(self, path: Path, room: Room) -> None:
        super().__init__(_FAILED)
        self._path = path
        self._wal = path.with_name(path.name + "-wal")
        self._room = room

    async def look(self) -> dict[str, int]:
        """Measure, in a thread, and decide by that: how much is free, and how long the log is."""
        figures = await asyncio.to_thread(self._measure)
        free = figures.get("free_disk_bytes")
        self.measured(_UNMEASURED if free is None else self._too_low(free))
        return figures

    def _measure(self) -> dict[str, int]:
        """Nothing if it cannot be told."""
        try:
            return {"free_disk_bytes": self._room.free(self._path.parent), "wal_bytes": self._wal_bytes()}
        except OSError:
            return {}

    def _too_low(self, free: int) -> str | None:
        floor = self._room.floor
        if free >= floor:
            return None
        return f"{free // MIB} MiB of disk space are free, {floor // MIB} MiB must be"

    def _wal_bytes(self) -> int:
        return self._wal.stat().st_size if self._wal.exists() else 0
