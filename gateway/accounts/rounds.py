"""The doctor's rounds: every account every few hours, spread so that Meta never sees all at once."""

import asyncio
import contextlib
from collections.abc import Callable
from zlib import crc32

from gateway.accounts.care import Care
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import StoreUnavailable

PERIOD_MS = 6 * 3_600_000
TICK_SECONDS = 60.0
_SPREAD = 1 << 32


class Rounds:
    """One account after the other; an account's turn in the period follows from its id."""

    def __init__(
        self, directory: Directory, care: Care, clock: Clock, on_duty: Callable[[], bool] = lambda: True
    ) -> None:
        """`on_duty`: of several processes one makes them."""
        self._on_duty = on_duty
        self._directory = directory
        self._care = care
        self._clock = clock
        self._last = clock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, between two accounts or within one: nothing is half done that the next round does not do."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def turn(self) -> int:
        """Look after those whose turn has come since the last call; how many. Raises StoreUnavailable."""
        since, now = self._last, self._clock()
        self._last = now
        if not self._on_duty():
            return 0
        due = [one for one in self._directory.accounts.values() if came_up(one.id, since, now)]
        for account in due:
            await self._care.look_after(account, self._clock)
        return len(due)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.turn()
            except StoreUnavailable as error:
                logger.warning(line("accounts not looked after", error=error))


def came_up(account_id: str, since: int, until: int) -> bool:
    """Whether the account's turn lies behind `since` and not behind `until` (milliseconds)."""
    place = crc32(account_id.encode()) * PERIOD_MS // _SPREAD
    return (since - place) // PERIOD_MS < (until - place) // PERIOD_MS
