"""Posts signed webhooks to callbacks, and posts them again until they are answered with 200."""

import asyncio
import contextlib
import heapq
import ssl
from collections.abc import Callable
from functools import cache

import httpx
from msgspec import Struct, field

from gateway.simulator import retries
from gateway.simulator.chance import Chance
from gateway.simulator.clock import SECOND, Clock
from gateway.simulator.manner import Manner
from gateway.simulator.people import Asset

DEADLINE_SECONDS = 5.0
OK = 200


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of this machine, read once: that takes longer than everything else here."""
    return ssl.create_default_context()


class Attempt(Struct, frozen=True):
    """One POST: when, and the status of the answer, or None where there was none."""

    at_ms: int
    status: int | None


class Notification(Struct, kw_only=True):
    """One webhook on its way to one callback."""

    app: str
    object: str
    assets: tuple[Asset, ...]
    url: str
    body: bytes
    signature: str
    born_ms: int
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def status(self) -> int | None:
        """What the callback said last."""
        return self.attempts[-1].status if self.attempts else None

    @property
    def headers(self) -> dict[str, str]:
        """What Meta sends with the body."""
        return {
            "content-type": "application/json",
            "user-agent": "facebookexternalua",
            "x-hub-signature-256": self.signature,
        }


class Notifier:
    """The queue of webhooks. `run` posts them one after the other."""

    def __init__(self, clock: Clock, chance: Chance, manner: Manner) -> None:
        self._clock = clock
        self._chance = chance
        self._manner = manner
        self._queue: list[tuple[int, int, Notification]] = []
        self._number = 0
        self._changed = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._http = httpx.AsyncClient(timeout=DEADLINE_SECONDS, trust_env=False, verify=_trust())
        self.sent: list[Notification] = []
        self.on_disabled: Callable[[Notification], None] = lambda _: None

    async def handshake(self, url: str, verify_token: str) -> bool:
        """Whether the callback gives the challenge back."""
        challenge = self._chance.digits(10)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            answer = await self._http.get(url, params=query)
        except httpx.HTTPError:
            return False
        return answer.status_code == OK and answer.text == challenge

    def push(self, notification: Notification, delay_ms: int = 0) -> None:
        """Post it when its time has come."""
        self._number += 1
        heapq.heappush(self._queue, (self._clock.now_ms() + delay_ms, self._number, notification))
        self.wake()

    async def deliver(self, notification: Notification) -> None:
        """Post it now and wait for the answer; if that is not 200, it is posted again later."""
        if not notification.attempts:
            self.sent.append(notification)
        status = await self._post(notification)
        notification.attempts.append(Attempt(self._clock.now_ms(), status))
        if status != OK:
            self._failed(notification)

    async def _post(self, notification: Notification) -> int | None:
        with contextlib.suppress(httpx.HTTPError):
            answer = await self._http.post(
                notification.url, content=notification.body, headers=notification.headers
            )
            return answer.status_code
        return None

    def _failed(self, notification: Notification) -> None:
        age_ms = self._clock.now_ms() - notification.born_ms
        if age_ms >= retries.DISABLED_AFTER_MS and self._manner.disable_after_an_hour:
            self.on_disabled(notification)
        failures, factor = len(notification.attempts), self._manner.retry_factor
        delay = retries.delay_ms(notification.object, failures, age_ms, factor)
        if delay is not None:
            self.push(notification, delay)

    def wake(self) -> None:
        """Something new is in the queue, or the clock was put forward."""
        self._idle.clear()
        self._changed.set()

    async def settled(self) -> None:
        """Wait until everything that is due has been posted."""
        await self._idle.wait()

    async def run(self) -> None:
        """Post what falls due, for ever."""
        while True:
            self._changed.clear()
            if self._queue and self._queue[0][0] <= self._clock.now_ms():
                await self.deliver(heapq.heappop(self._queue)[2])
            else:
                self._idle.set()
                await self._wait()

    async def _wait(self) -> None:
        wait_ms = max(1, self._queue[0][0] - self._clock.now_ms()) if self._queue else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_ms / SECOND if wait_ms else None):
                await self._changed.wait()

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()
