"""What arrives together is done together: while one round trip is under way, the next one fills."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from gateway.store.base import StoreUnavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_MOST = 256
"""So many in one script, at most: Redis does nothing else meanwhile."""
_LONG_SECONDS = 5.0
"""Who has waited so long for a Redis that does not answer is told, and the line does not grow."""


class Together(Generic[Item, Answer]):
    """Runs items in groups, in the order in which they come. Nothing waits for company."""

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]],
        long_seconds: float = _LONG_SECONDS,
    ) -> None:
        """`long_seconds`: who has waited so long when a group fails, fails with it."""
        self._run = run
        self._long_seconds = long_seconds
        self._waiting: list[tuple[Item, asyncio.Future[Answer], float]] = []
        """What was asked, its answer, and since when it waits."""
        self._task: asyncio.Task[None] | None = None
        self._open = True

    def ask(self, item: Item) -> "asyncio.Future[Answer]":
        """The item's answer, to be awaited; it raises what its run raised. Raises StoreUnavailable."""
        if not self._open:
            raise StoreUnavailable("the store is closed")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((item, answer, loop.time()))
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
            results = await self._results([item for item, *_ in group])
            for (_, answer, _), result in zip(group, results, strict=True):
                _give(answer, result)
        self._task = None

    async def _results(self, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        try:
            return await self._run(items)
        except Exception as error:
            self._refuse_the_first(error)
            return [error] * len(items)

    def _refuse_the_first(self, error: Exception) -> None:
        """Those who came long ago would only wait for the same."""
        since = asyncio.get_running_loop().time() - self._long_seconds
        for _, answer, asked_at in self._waiting:
            if asked_at <= since:
                _give(answer, error)
        self._waiting = [one for one in self._waiting if one[2] > since]


def _give(answer: "asyncio.Future[Answer]", result: Answer | Exception) -> None:
    if answer.done():
        return  # who asked has gone away
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
