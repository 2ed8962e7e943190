"""Carries erasures on, step by step, and tells whom it concerns."""

import asyncio
from collections.abc import Callable

from adapters._identifiers import event_id
from adapters.event import VERSION, Event
from adapters.parts import Erased
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.log import line, logger
from gateway.store.base import Store
from gateway.store.erasure import ErasureStep
from gateway.store.records import Emission

ERASED = "contact.erased"
STEP = 200
"""Rows per step: a step must not hold up the commits of the hot path."""


class Eraser:
    """One erasure at a time. Where it is, only the store knows: a restart changes nothing."""

    def __init__(self, store: Store, directory: Directory, wake: Callable[[str], None], clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._wake = wake
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def advance(self) -> None:
        """Do every step there is. Raises StoreUnavailable."""
        async with self._one_at_a_time:
            await self._advance()

    async def _advance(self) -> None:
        while (step := await self._store.people.advance_erasure(STEP, self._clock())) is not None:
            if step.done:
                await self._end(step)
            elif step.stuck:
                # A long read needs the log that is to be emptied: the next round tries again.
                return

    async def _end(self, step: ErasureStep) -> None:
        """Told first, then over: whoever dies in between tells it again, under the same ids."""
        await self._announce(step)
        if (erasure := await self._store.people.end_erasure(step.erasure.id, self._clock())) is None:
            return
        logger.info(line("erased", erasure=erasure.id, events=erasure.erased, state=erasure.state))
        for left in step.remains:
            logger.warning(line("erased, but not everywhere", erasure=erasure.id, left=left))

    async def _announce(self, step: ErasureStep) -> None:
        """One event per customer that had the person's data, and per contact as which it knew them.

        It names nobody but the gateway's own key.
        """
        at = self._clock()
        for one in step.concerned:
            routes = self._directory.routes((one.customer_id,), ERASED, step.platform, "")
            native = (step.erasure.id, one.customer_id, one.contact_id or "")
            event = Event(
                id=event_id(step.platform, "", ERASED, *native),
                version=VERSION,
                platform=step.platform,
                event=ERASED,
                timestamp=at // 1000,
                timestamp_ms=at,
                origin="gateway",
                erasure=Erased(id=step.erasure.id, contact_id=one.contact_id),
            )
            endpoint_ids = tuple(route.endpoint_id for route in routes)
            await self._store.emit(
                Emission(event=event, at=at, customer_id=one.customer_id, endpoint_ids=endpoint_ids)
            )
            for endpoint_id in endpoint_ids:
                self._wake(endpoint_id)
