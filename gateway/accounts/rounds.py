"""The doctor's rounds: every account every few hours, spread so that Meta never sees all at once."""

import asyncio
import contextlib
from collections.abc import Callable
from zlib import crc32

from gateway.accounts.care import Care
from gateway.accounts.mending import Mending
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import StoreUnavailable
from gateway.store.records import Account
from gateway.tasks import end

PERIOD_MS = 6 * 3_600_000
TICK_SECONDS = 60.0
SUSPECTED_MS = 10 * 60_000
"""How long an account that was looked at out of turn is not suspected again."""
_SPREAD = 1 << 32


class Rounds:
    """One account after the other; an account's turn in the period follows from its id."""

    def __init__(
        self,
        directory: Directory,
        care: Care,
        mending: Mending,
        clock: Clock,
        on_duty: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_duty`: of several processes one makes them."""
        self._on_duty = on_duty
        self._directory = directory
        self._care = care
        self._mending = mending
        self._clock = clock
        self._last = clock()
        self._suspected: dict[str, int] = {}
        """Accounts and when they were."""
        self._suspects: set[str] = set()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, between two accounts or within one: nothing is half done that the next round does not do."""
        if self._task is not None:
            await end([self._task])

    def wake(self) -> None:
        """Something is to be fetched for an account."""
        self._woken.set()

    def suspect(self, account: Account) -> None:
        """Its token does not seem to be good: look now, unless that is known or was found to be wrong."""
        now = self._clock()
        if account.degraded is None and now - self._suspected.get(account.id, -SUSPECTED_MS) >= SUSPECTED_MS:
            self._suspected[account.id] = now
            self._suspects.add(account.id)
            self._woken.set()

    async def begin(self) -> None:
        """Everybody's turn is now if nothing has come for an hour, which may have been an outage of ours.

        Raises StoreUnavailable.
        """
        if await self._mending.was_away(self._clock()):
            self._last -= PERIOD_MS
            self._woken.set()

    async def turn(self) -> int:
        """Look after those whose turn has come since the last call; how many. Raises StoreUnavailable.

        What was missed is fetched, some of it for each account in each turn.
        """
        since, now, on_duty = self._last, self._clock(), self._on_duty()
        self._last = now
        suspects, self._suspects = self._suspects, set()
        accounts = self._directory.accounts.values()
        due = [one for one in accounts if one.id in suspects or (on_duty and came_up(one.id, since, now))]
        for account in due:
            await self._care.look_after(account, self._clock)
        for account in [one for one in self._directory.accounts.values() if on_duty and _is_behind(one)]:
            await self._mending.fetch(account)
        return len(due)

    async def _run(self) -> None:
        with contextlib.suppress(StoreUnavailable):
            await self.begin()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self.turn()
            except StoreUnavailable as error:
                logger.warning(line("accounts not looked after", error=error))


def came_up(account_id: str, since: int, until: int) -> bool:
    """Whether the account's turn lies behind `since` and not behind `until` (milliseconds)."""
    place = crc32(account_id.encode()) * PERIOD_MS // _SPREAD
    return (since - place) // PERIOD_MS < (until - place) // PERIOD_MS


def _is_behind(account: Account) -> bool:
    """A token that is not good fetches nothing."""
    return account.gap is not None and account.degraded is None
