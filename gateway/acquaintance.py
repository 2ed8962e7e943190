"""The part of a gateway that gets to know people, and forgets them: profiles, other ids, erasures."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from gateway.clock import Clock
from gateway.contacts.eraser import Eraser
from gateway.contacts.matching import Matching
from gateway.contacts.profiles import Profiles
from gateway.directory import Directory
from gateway.graph import Graph
from gateway.log import line, logger
from gateway.settings import Settings
from gateway.store.base import Store, StoreUnavailable

TICK_SECONDS = 0.2


class Acquaintance:
    """Works beside the traffic; nothing waits for it."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        wake: Callable[[str], None],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._graph = Graph(settings.graph_url, settings.graph_version)
        self.profiles = Profiles(store, directory, self._graph, wake, clock)
        self.eraser = Eraser(store, directory, wake, clock)
        self.matching = Matching(store, directory, self._graph, settings.app_secrets, clock)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self.profiles.start()
        works = (self.eraser.advance, self.matching.advance)
        self._tasks = [asyncio.create_task(_repeat(work)) for work in works]

    async def stop(self) -> None:
        """End between two steps."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.profiles.stop()
        await self._graph.close()


async def _repeat(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        try:
            await work()
        except StoreUnavailable as error:
            logger.warning(line("people wait", error=error))
