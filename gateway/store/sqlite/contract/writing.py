"""How every part of the store on a file changes it: through the writer, watched by the disk."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from gateway.store.errors import IntakeStopped
from gateway.store.sqlite.contract.changes import Changes
from gateway.store.sqlite.file.disk import Disk
from gateway.store.sqlite.file.readers import Readers
from gateway.store.sqlite.file.writer import Writer

A = TypeVarTuple("A")
T = TypeVar("T")


class Writing:
    """What the store has once it is open."""

    _changes: Changes
    _readers: Readers
    _writer: Writer
    _disk: Disk

    async def _apart(self, change: Callable[[*A], T], *arguments: *A) -> T:
        """Change something that is no element on its way in."""
        return await self._write(self._changes.apart, change, *arguments)

    async def _write(self, change: Callable[[*A], T], *arguments: *A) -> T:
        try:
            return await self._writer.run(change, *arguments)
        except IntakeStopped as error:
            self._disk.failed(error)
            raise
