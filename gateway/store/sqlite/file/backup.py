"""A copy of the file while its gateway serves: one moment of it, complete without anything beside it."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from gateway.store.base import StoreUnavailable
from gateway.store.sqlite.file.connection import connect_reader, translated


def back_up(source: Path, target: Path) -> None:
    """Copy the store into a new file, durable and checked when this returns.

    The copy is read as any reader reads, in one transaction: the gateway goes on writing, and only its
    write-ahead log grows meanwhile. Raises StoreUnavailable.
    """
    if not source.is_file():
        raise StoreUnavailable(f"there is no store at {source}")
    if target.exists():
        raise StoreUnavailable(f"{target} exists already; a backup overwrites nothing")
    unfinished = target.with_name(target.name + ".unfinished")
    with suppress(FileNotFoundError):
        unfinished.unlink()
    # Secrets are sealed in it, but people's words are not.
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with translated():
        _copy(source, unfinished)
    _sync(unfinished)
    unfinished.rename(target)
    _sync(target.parent)


def _copy(source: Path, target: Path) -> None:
    with closing(connect_reader(source)) as reader, closing(sqlite3.connect(target)) as copy:
        # In one step: between two, a change by the gateway would make it begin again.
        reader.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StoreUnavailable(f"the copy is damaged: {verdict}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
