"""Connections to the file: one that writes, some that read, and the lock that makes it one process's."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gateway.store.base import IntakeStopped, StoreInUse, StoreUnavailable
from gateway.store.conditions import body_fits, parsed
from gateway.store.keys import counted_as

_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # Small checkpoints often: accept's p99 is a third of what it is at 4000.
    "PRAGMA wal_autocheckpoint = 400",
    # What is deleted is overwritten: erased people must not be readable in free pages.
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)

_PREPARED = 512
"""Statements that the writer keeps prepared: all that it has, in every size."""

_DISK_TROUBLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
_PRIMARY = 0xFF
"""Where SQLite's error codes tell more, the lowest byte is the class of the error."""


def connect_writer(path: Path) -> sqlite3.Connection:
    """The connection that changes things, for one thread at a time; it begins and commits by itself."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=_PREPARED
    )
    for pragma in _WRITER:
        connection.execute(pragma)
    _teach(connection)
    return connection


def close_writer(connection: sqlite3.Connection) -> None:
    """Close it, with everything in the one file and nothing left beside it."""
    # Cursors that are still about keep the file open after `close`, so SQLite would not do it by then.
    with suppress(sqlite3.Error):
        empty_log(connection)
    connection.close()


def empty_log(connection: sqlite3.Connection) -> bool:
    """Move what the write-ahead log has into the file, and cut the log to nothing.

    False: a reader still needs it. Not within a transaction.
    """
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that sees what is committed and cannot change it."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -8192")
    _teach(connection)
    return connection


def _teach(connection: sqlite3.Connection) -> None:
    """What SQL has no words for.

    `fits(conditions, body)`: an endpoint's conditions, asked where its events are chosen ·
    `counted_as(conversation, customer)`: under what usage remembers a conversation.
    """

    def fits(conditions: str, body: bytes) -> bool:
        return body_fits(body, parsed(conditions))

    connection.create_function("fits", 2, fits, deterministic=True)
    connection.create_function("counted_as", 2, counted_as, deterministic=True)


@contextmanager
def translated() -> Iterator[None]:
    """Whatever SQLite raises becomes StoreUnavailable; a full or failing disk becomes IntakeStopped."""
    try:
        yield
    except sqlite3.Error as error:
        # Errors of the module itself have no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
        kind = IntakeStopped if code in _DISK_TROUBLE else StoreUnavailable
        raise kind(f"SQLite: {error}") from error


class FileLock:
    """Holds `<path>.lock` while this process owns the file; the kernel lets go of it if we die."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Raises StoreInUse."""
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise StoreInUse(
                f"{self._path.name.removesuffix('.lock')} belongs to another running gateway. Stop that one, "
                "give this one a file of its own with GATEWAY_STORE=sqlite:///other.db, or use a redis:// "
                "store, which several processes share"
            ) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others open the file. The lock file stays: removing it would let two processes in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
