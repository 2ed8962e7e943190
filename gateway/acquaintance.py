"""The part of a gateway that gets to know people, and forgets them: profiles, other ids, erasures."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.contacts.eraser import Eraser
from gateway.contacts.introductions import Introductions
from gateway.contacts.matching import Matching
from gateway.contacts.profiles import Profiles
from gateway.downloads import Downloads
from gateway.graph import Graph
from gateway.ground import Ground
from gateway.log import line, logger
from gateway.store.base import StoreUnavailable
from gateway.tasks import end

TICK_SECONDS = 0.2


class Acquaintance:
    """Works beside the traffic; nothing waits for it."""

    def __init__(
        self, ground: Ground, graph: Graph, downloads: Downloads, wake: Callable[[str], None]
    ) -> None:
        """`wake` tells that an endpoint has something due."""
        store, directory, clock = ground.store, ground.directory, ground.clock
        introductions = Introductions(graph, downloads, clock)
        self.profiles = Profiles(store, directory, introductions, wake, clock)
        self.eraser = Eraser(store, directory, wake, clock)
        self.matching = Matching(store, directory, graph, ground.settings.app_secrets, clock)
        self._on_duty = ground.neighbours.on_duty
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self.profiles.start()
        works = (self.eraser.advance, self.matching.advance)
        self._tasks = [asyncio.create_task(self._repeat(work)) for work in works]

    async def stop(self) -> None:
        """End between two steps."""
        await end(self._tasks)
        await self.profiles.stop()

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        """Of several processes one does it. Nothing is lost or done twice if two do."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if self._on_duty():
                    await work()
            except StoreUnavailable as error:
                logger.warning(line("people wait", error=error))
