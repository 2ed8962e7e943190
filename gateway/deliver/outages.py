"""Long outages of endpoints: noticed after an hour, ended by a success, given up after five days.

    failing     an hour of failures and no success: `failing_since` is written down, and a line in the log
    warned      half and four fifths of the 5 days: `endpoint.failing`, once each
    given up    5 days of it and 20 dead or failed deliveries: the endpoint is disabled
    ended       the first success: `endpoint.recovered`

What is written down outlasts the process, so a restart does not begin the five days anew. A receiver can
also have itself disabled at once. Replays, and answers with `Retry-After`, are no failures here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from gateway.deliver import outage
from gateway.deliver.announcer import Announcer
from gateway.deliver.lane import Lane
from gateway.deliver.notices import DISABLED, FAILING, RECOVERED
from gateway.deliver.patience import Patience
from gateway.deliver.policy import LONGEST_HOLD_MS
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.store.records import Endpoint

_Change = Callable[[Endpoint], Endpoint | None]
"""The endpoint as it should be; None: it is so already."""


class Outages:
    """Writes into the endpoint what its deliveries show. Nobody waits for that but `settle`."""

    def __init__(self, store: Store, directory: Directory, patience: Patience, announcer: Announcer) -> None:
        self._store = store
        self._directory = directory
        self._patience = patience
        self._announcer = announcer
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def settle(self) -> None:
        """Return when nothing is being written any more."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks.values()))

    def failed(self, lane: Lane, now: int) -> None:
        """A delivery failed (`now` in Unix milliseconds)."""
        since, first = lane.endpoint.failing_since, lane.first_failure_at
        if since is None and first is not None and now - first >= outage.NOTICED_MS:
            self._begin("notice", lane, partial(self._notice, lane, first, now))
        elif since is not None and now - since >= outage.GIVEN_UP_MS:
            self._begin("give up", lane, partial(self._give_up, lane, since, now))
        elif outage.warning_due(lane.endpoint, now):
            self._begin("warn", lane, partial(self._warn, lane, now))

    def succeeded(self, lane: Lane, now: int) -> None:
        """A delivery succeeded."""
        if lane.endpoint.failing_since is not None and lane.endpoint.status != "disabled":
            self._begin("end", lane, partial(self._end, lane, now))

    def disable(self, lane: Lane, reason: str, now: int) -> None:
        """The receiver wants nothing any more."""
        lane.hold(now + LONGEST_HOLD_MS)  # nothing starts until the new status is written
        self._begin("disable", lane, partial(self._disable, lane, reason, now))

    def _begin(self, step: str, lane: Lane, write: Callable[[], Awaitable[None]]) -> None:
        key = (step, lane.endpoint.id)
        if key not in self._tasks:
            task = self._tasks[key] = asyncio.create_task(self._guarded(key, write))
            task.add_done_callback(lambda _: self._tasks.pop(key))

    async def _guarded(self, key: tuple[str, str], write: Callable[[], Awaitable[None]]) -> None:
        try:
            await write()
        except StoreUnavailable as error:
            logger.error(line("outage not recorded", endpoint=key[1], step=key[0], error=error))

    async def _notice(self, lane: Lane, since: int, now: int) -> None:
        if await self._write(lane, partial(outage.failing, since=since), now):
            logger.warning(line("endpoint failing", endpoint=lane.endpoint.id, since=since))

    async def _warn(self, lane: Lane, now: int) -> None:
        warned = await self._write(lane, partial(outage.warned, now=now), now)
        if warned is not None:
            logger.warning(line(FAILING, endpoint=warned.id, disabled_at=outage.disabled_at(warned)))
            await self._announcer.announce(FAILING, warned, now)

    async def _give_up(self, lane: Lane, since: int, now: int) -> None:
        read = partial(self._store.endpoint_stats, lane.endpoint.id, since)
        stats = await self._patience.insist(read)
        if stats.failed + stats.dead >= outage.GIVEN_UP_DELIVERIES:
            await self._disable(lane, outage.GIVEN_UP, now)

    async def _disable(self, lane: Lane, reason: str, now: int) -> None:
        disabled = await self._write(lane, partial(outage.disabled, reason=reason, now=now), now)
        if disabled is not None:
            logger.warning(line(DISABLED, endpoint=disabled.id, reason=reason))
            await self._announcer.announce(DISABLED, disabled, now)

    async def _end(self, lane: Lane, now: int) -> None:
        recovered = await self._write(lane, outage.recovered, now)
        if recovered is not None:
            logger.warning(line(RECOVERED, endpoint=recovered.id))
            await self._announcer.announce(RECOVERED, recovered, now)

    async def _write(self, lane: Lane, change: _Change, now: int) -> Endpoint | None:
        """The endpoint after the change; None: it is gone, or there was nothing to change."""
        changed = await self._patience.insist(partial(self._try_to_write, lane.endpoint.id, change))
        if changed is not None:
            # The lane must see this even if the next change, perhaps its reversal, comes at once.
            lane.adopt(changed, now)
        return changed

    async def _try_to_write(self, endpoint_id: str, change: _Change) -> Endpoint | None:
        async with self._directory.changing():
            endpoint = self._directory.endpoints.get(endpoint_id)
            changed = None if endpoint is None else change(endpoint)
            if changed is not None:
                await self._store.put_endpoint(changed)
        return changed
