"""The writer: one commit for what waits, and a failure that stays with whoever caused it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.store.base import StoreUnavailable
from gateway.store.sqlite.file.connection import connect_writer
from gateway.store.sqlite.file.writer import Writer

pytestmark = pytest.mark.anyio


class Desk:
    """A writer over a table of numbers, its commits counted, and a first operation that blocks it."""

    def __init__(self, path: Path) -> None:
        self.connection = connect_writer(path)
        self.connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
        self.commits = self.forgotten = 0
        self.connection.set_trace_callback(self._trace)
        self.writer = Writer(self.connection, lambda: None, self._forget)
        self.busy = threading.Event()
        self.free = threading.Event()

    def _trace(self, statement: str) -> None:
        self.commits += statement == "COMMIT"

    def _forget(self) -> None:
        self.forgotten += 1

    def block(self) -> None:
        self.busy.set()
        self.free.wait(10)

    def add(self, number: int) -> int:
        self.connection.execute("INSERT INTO numbers VALUES (?)", (number,))
        return number

    def numbers(self) -> list[int]:
        return [number for (number,) in self.connection.execute("SELECT number FROM numbers ORDER BY 1")]

    async def together(self, *numbers: int) -> list[int | BaseException]:
        """Add numbers while the writer is busy, so that they are one group."""
        blocked = asyncio.create_task(self.writer.run(self.block))
        await asyncio.to_thread(self.busy.wait, 10)
        additions = [asyncio.create_task(self.writer.run(self.add, number)) for number in numbers]
        await asyncio.gather(*(asyncio.to_thread(lambda: None) for _ in additions))
        self.free.set()
        await blocked
        return await asyncio.gather(*additions, return_exceptions=True)


@asynccontextmanager
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    opened = Desk(tmp_path / "numbers.db")
    opened.writer.start()
    yield opened
    await opened.writer.stop()
    opened.connection.close()


async def test_what_waits_is_one_commit(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        assert await one.together(*range(50)) == list(range(50))
        assert one.commits == 2 and one.forgotten == 0


async def test_an_operation_that_fails_fails_alone(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        first, again, last = await one.together(1, 1, 2)
        assert (first, last) == (1, 2) and isinstance(again, StoreUnavailable)
        assert one.numbers() == [1, 2] and one.forgotten > 0


async def test_a_commit_that_fails_fails_its_whole_group(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        one.connection.executescript(
            "PRAGMA foreign_keys = ON; CREATE TABLE parents (id INTEGER PRIMARY KEY);"
            "CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED);"
            "CREATE TRIGGER orphan AFTER INSERT ON numbers WHEN new.number = 2"
            " BEGIN INSERT INTO children VALUES (7); END;"
        )
        assert all(isinstance(answer, StoreUnavailable) for answer in await one.together(1, 2, 3))
        assert one.numbers() == [] and one.forgotten == 1
        assert await one.writer.run(one.add, 4) == 4


async def test_a_full_disk_is_the_stores_trouble_and_passes(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        one.connection.execute("CREATE TABLE blobs (blob BLOB)")
        one.connection.execute("PRAGMA max_page_count = 8")
        with pytest.raises(StoreUnavailable, match="full"):
            await one.writer.run(one.connection.execute, "INSERT INTO blobs VALUES (zeroblob(99999))")
        assert await one.writer.run(one.add, 1) == 1


async def test_a_caller_who_has_gone_away_disturbs_nobody(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        gone = asyncio.create_task(one.writer.run(one.block))
        await asyncio.to_thread(one.busy.wait, 10)
        other = asyncio.create_task(one.writer.run(one.add, 1))
        gone.cancel()
        one.free.set()
        assert await other == 1


async def test_what_was_asked_before_the_end_is_still_done(tmp_path: Path) -> None:
    path = tmp_path / "numbers.db"
    async with desk(tmp_path) as one:
        additions = [asyncio.ensure_future(one.writer.run(one.add, number)) for number in range(9)]
        await asyncio.to_thread(lambda: None)
        await one.writer.stop()
        assert await asyncio.gather(*additions) == list(range(9))
        with pytest.raises(StoreUnavailable):
            await one.writer.run(one.add, 10)
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT count(*) FROM numbers").fetchone() == (9,)
    reader.close()
