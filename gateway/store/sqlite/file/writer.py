"""One thread that writes: what waits when it becomes free is one transaction, and one fsync.

An operation is a function that runs in that thread. Where one of a group raises, the group is undone
and its operations run again one by one, so that only the one at fault fails. That costs a repetition
in the rare case; a SAVEPOINT per operation, measured, costs a sixth of all writing in every case.

What one turn of the event loop asks for is handed over together, at its end: waking the thread for the
first operation of a turn would make a commit of that one alone.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar, TypeVarTuple

from msgspec import Struct

from gateway.store.base import StoreUnavailable
from gateway.store.sqlite.file.connection import translated

A = TypeVarTuple("A")
T = TypeVar("T")


class _Operation(Struct, frozen=True):
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    answer: asyncio.Future[Any]
    apart: bool = False
    """Outside any transaction."""


_Answer = tuple[asyncio.Future[Any], Any, Exception | None]


class Writer:
    """Runs operations in the order in which they come; each is answered when it is durable."""

    def __init__(
        self, connection: sqlite3.Connection, flush: Callable[[], None], forget: Callable[[], None]
    ) -> None:
        """`flush` is called before a commit: operations may hold rows back until then.

        `forget` is called when a transaction was undone: what they remember of the file may be wrong.
        """
        self._connection = connection
        self._flush = flush
        self._forget = forget
        self._asked: list[_Operation] = []
        self._operations: SimpleQueue[list[_Operation] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._running = False

    def start(self) -> None:
        """Begin; answers go to the event loop that calls this."""
        self._loop = asyncio.get_running_loop()
        self._running = True
        self._thread.start()

    async def stop(self) -> None:
        """Finish what was asked for; later operations are refused."""
        if self._running:
            self._running = False
            self._hand_over()
            self._operations.put(None)
            await asyncio.to_thread(self._thread.join)

    async def run(self, call: Callable[[*A], T], *arguments: *A) -> T:
        """The result of `call(*arguments)`, durable. Raises StoreUnavailable, or what the call raises."""
        return await self._ask(call, arguments)

    async def run_apart(self, call: Callable[[*A], T], *arguments: *A) -> T:
        """The same between two transactions, for what SQLite does in none. It must change no row."""
        return await self._ask(call, arguments, apart=True)

    def _ask(
        self, call: Callable[..., T], arguments: tuple[Any, ...], *, apart: bool = False
    ) -> asyncio.Future[T]:
        if not self._running:
            raise StoreUnavailable("the store is closed")
        answer: asyncio.Future[T] = self._loop.create_future()
        if not self._asked:
            self._loop.call_soon(self._hand_over)
        self._asked.append(_Operation(call, arguments, answer, apart))
        return answer

    def _hand_over(self) -> None:
        if self._asked:
            self._operations.put(self._asked)
            self._asked = []

    def _work(self) -> None:
        group: list[_Operation] | None
        while (group := self._next_group()) is not None:
            together = [operation for operation in group if not operation.apart]
            answers = self._transact(together) if together else []
            answers += [_perform(operation) for operation in group if operation.apart]
            # The loop may be gone at the very end; then nobody waits for these answers.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_give, answers)

    def _next_group(self) -> list[_Operation] | None:
        """Everything that waits now; None at the end."""
        group = self._operations.get()
        if group is None:
            return None
        for _ in range(self._operations.qsize()):
            operations = self._operations.get_nowait()
            if operations is None:
                self._operations.put(None)
                break
            group += operations
        return group

    def _transact(self, group: list[_Operation]) -> list[_Answer]:
        try:
            with translated():
                self._connection.execute("BEGIN IMMEDIATE")
                results = [operation.call(*operation.arguments) for operation in group]
                self._flush()
        except Exception as error:
            self._undo()
            if len(group) == 1:
                return [(group[0].answer, None, error)]
            return [answer for operation in group for answer in self._transact([operation])]
        try:
            with translated():
                self._connection.execute("COMMIT")
        except StoreUnavailable as error:
            self._undo()
            return [(operation.answer, None, error) for operation in group]
        return [(operation.answer, result, None) for operation, result in zip(group, results, strict=True)]

    def _undo(self) -> None:
        # A full disk makes SQLite roll back by itself; rolling back once more is then an error.
        with suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        self._forget()


def _perform(operation: _Operation) -> _Answer:
    try:
        with translated():
            return (operation.answer, operation.call(*operation.arguments), None)
    except Exception as error:
        return (operation.answer, None, error)


def _give(answers: list[_Answer]) -> None:
    for answer, result, error in answers:
        if answer.done():
            continue
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)
