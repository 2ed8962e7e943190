"""Reads beside the writer: a few threads, each with a read-only connection, none waits for a commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from gateway.store.base import StoreUnavailable
from gateway.store.sqlite.file.connection import connect_reader, translated

A = TypeVarTuple("A")
T = TypeVar("T")
_THREADS = 3
"""So many slow lists at a time may run before a further read waits."""


class Readers:
    """Runs queries, each on one snapshot of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._running = True

    async def run(self, query: Callable[[sqlite3.Connection, *A], T], *arguments: *A) -> T:
        """The result of `query(connection, *arguments)`. Raises StoreUnavailable."""
        if not self._running:
            raise StoreUnavailable("the store is closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, query, arguments)

    async def close(self) -> None:
        """Finish what was asked for, then close the connections."""
        self._running = False
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._connections:
            connection.close()

    def _read(self, query: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        with translated():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                return query(connection, *arguments)
            finally:
                connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect_reader(self._path)
            self._connections.append(connection)
        return connection
