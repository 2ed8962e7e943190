"""What arrives together is done together: while one round trip is under way, the next one fills."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from gateway.store.base import StoreUnavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_MOST = 256
"""So many in one script, at most: Redis does nothing else meanwhile."""


class Together(Generic[Item, Answer]):
    """Runs items in groups, in the order in which they come. Nothing waits for company."""

    def __init__(self, run: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]) -> None:
        self._run = run
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None
        self._open = True

    def ask(self, item: Item) -> "asyncio.Future[Answer]":
        """The item's answer, to be awaited; it raises what its run raised. Raises StoreUnavailable."""
        if not self._open:
            raise StoreUnavailable("the store is closed")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return answer

    async def close(self) -> None:
        """Finish what was asked for; later items are refused."""
        self._open = False
        if self._task is not None:
            await self._task

    async def _work(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            for (_, answer), result in zip(
                group, await self._answers([item for item, _ in group]), strict=True
            ):
                if answer.done():
                    continue  # who asked has gone away
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)
        self._task = None

    async def _answers(self, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        try:
            return await self._run(items)
        except Exception as error:
            return [error] * len(items)
