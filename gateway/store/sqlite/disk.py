"""The room for the file: how much there is, and whether anything new may be taken in.

SQLite survives a disk that fills up in the middle of a write. This is so that it does not come to that:
what is stored must still be delivered, and the outcomes of that need a little room.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from gateway.log import line, logger
from gateway.store.base import IntakeStopped, StoreUnavailable
from gateway.store.records import Health

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


class Disk:
    """What it says changes when it was measured, when a write fails, and when one succeeds after that.

    Belongs to the event loop.
    """

    def __init__(self, path: Path, room: Room) -> None:
        self._path = path
        self._wal = path.with_name(path.name + "-wal")
        self._room = room
        self._low: str | None = None
        self.suspect = False
        """A write has found it full or broken, and none has proved the contrary since."""
        self.stops = 0
        """How often the intake was stopped."""

    @property
    def shortage(self) -> str | None:
        """Why nothing new is taken in, in words that anybody may read; None: it is."""
        return _FAILED if self.suspect else self._low

    def check(self) -> None:
        """Cheap, for every request. Raises IntakeStopped."""
        if self.shortage is not None:
            raise IntakeStopped(self.shortage)

    def failed(self, cause: Exception) -> None:
        """A write could not be done."""
        self._change(suspect=True, low=self._low, cause=cause)

    def proved(self) -> None:
        """A write that needed room was done."""
        self._change(suspect=False, low=self._low)

    def health(self, facts: dict[str, Any], error: StoreUnavailable | None = None) -> Health:
        """What the store says of itself; `error` is why it takes nothing in."""
        facts = {**facts, "intake_stops": self.stops}
        if error is None:
            return Health(writable=True, facts=facts)
        shortage = self.shortage
        reason = shortage or "the store does not answer"
        return Health(writable=False, detail=shortage or str(error), reason=reason, facts=facts)

    async def look(self) -> dict[str, int]:
        """Measure, in a thread, and decide by that: how much is free, and how long the log is."""
        figures = await asyncio.to_thread(self._measure)
        free = figures.get("free_disk_bytes")
        self._change(suspect=self.suspect, low=_UNMEASURED if free is None else self._too_low(free))
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

    def _change(self, *, suspect: bool, low: str | None, cause: Exception | None = None) -> None:
        """Take on a state; the log has one line when the intake stops and one when it goes on."""
        before = self.shortage
        self.suspect, self._low = suspect, low
        if before is None and self.shortage is not None:
            self.stops += 1
            logger.error(line("nothing new is taken in", reason=self.shortage, cause=cause))
        elif before is not None and self.shortage is None:
            logger.warning(line("events are taken in again"))
