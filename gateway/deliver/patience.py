"""Patience with a store that does not answer: ask again, ever more slowly, and never give up by itself."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.log import line, logger
from gateway.store.base import StoreUnavailable

Answer = TypeVar("Answer")

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


class Patience:
    """Shared by all who wait for the store; `end` makes their next refusal the last."""

    def __init__(self) -> None:
        self._ended = asyncio.Event()

    def end(self) -> None:
        """From now on a refusal is raised instead of waited for."""
        self._ended.set()

    async def insist(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The store's answer, however long it takes. Raises StoreUnavailable once ended."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await ask()
            except StoreUnavailable as error:
                if self._ended.is_set():
                    raise
                logger.warning(line("store unavailable", error=error, again_in_s=pause))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._ended.wait()
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
