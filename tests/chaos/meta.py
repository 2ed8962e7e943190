"""A Meta that many people write to at once, and that sends each webhook again until it gets a 200.

Each person waits until one message is taken before writing the next, so the numbers in the message ids say
in which order a conversation must arrive.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import httpx

from gateway.tasks import end
from tests.gateways import messenger_text, signed
from tests.patience import SOON

PAGES = ("1001", "1002", "1003")
PEOPLE_PER_PAGE = 5
TIMEOUT_SECONDS = 3.0
AGAIN_SECONDS = 0.1
_STOP_SECONDS = 150
"""Until the last message is taken."""


class Meta:
    """Sends to the servers in turn. `accepted` has what got a 200, in that order."""

    def __init__(self, urls: Callable[[], list[str]], pause_seconds: float = 0.1) -> None:
        """`pause_seconds`: how long a person waits before writing again."""
        self.people = len(PAGES) * PEOPLE_PER_PAGE
        self.accepted: list[str] = []
        self.repeated = 0
        """How often a webhook had to be sent again."""
        self._urls = urls
        self._pause_seconds = pause_seconds
        self._turn = 0
        self._stopped = asyncio.Event()
        self._changed = asyncio.Condition()
        self._people: list[asyncio.Task[None]] = []
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)

    async def start(self) -> None:
        """Everybody begins to write."""
        people = [(page, f"7{page}{number:02}") for page in PAGES for number in range(PEOPLE_PER_PAGE)]
        self._people = [asyncio.create_task(self._person(page, psid)) for page, psid in people]

    async def stop(self) -> None:
        """Return when what was begun got its 200. Raises TimeoutError."""
        self._stopped.set()
        async with asyncio.timeout(_STOP_SECONDS):
            await asyncio.gather(*self._people)

    async def leave(self) -> None:
        """Everybody goes away, whatever they have begun."""
        await end(self._people)
        await self._http.aclose()

    async def more(self, count: int, seconds: float = 2 * SOON) -> None:
        """Return when that many more have been accepted. Raises TimeoutError."""
        goal = len(self.accepted) + count
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.accepted) >= goal)

    async def go_on(self, seconds: float) -> None:
        """Return after so much time, while everybody writes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _person(self, page: str, psid: str) -> None:
        number = 0
        while not self._stopped.is_set():
            mid = f"m_{psid}_{number:06}"
            await self._until_taken(mid, messenger_text(mid, page=page, psid=psid))
            number += 1
            await self.go_on(self._pause_seconds)

    async def _until_taken(self, mid: str, body: bytes) -> None:
        while not await self._take(body):
            self.repeated += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await asyncio.Event().wait()
        async with self._changed:
            self.accepted.append(mid)
            self._changed.notify_all()

    async def _take(self, body: bytes) -> bool:
        urls = self._urls()
        self._turn += 1
        url = urls[self._turn % len(urls)]
        try:
            answer = await self._http.post(f"{url}/webhooks/facebook", content=body, headers=signed(body))
        except httpx.TransportError:
            return False
        return answer.status_code == 200
