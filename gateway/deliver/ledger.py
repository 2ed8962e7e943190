"""Outcomes on their way into the store: written as fast as it commits, kept while it does not answer.

What lands while one batch is being committed is the next batch, so that the batches grow with the load
and nothing lingers without it.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from gateway.deliver.patience import Patience
from gateway.log import line, logger
from gateway.store.base import Store, StoreUnavailable
from gateway.store.records import Outcome, Settlement

KEPT = 10_000
"""Unrecorded outcomes beyond which nothing new is started. What is under way may still add a few."""

Settled = Callable[[Outcome, Settlement], None]


class Ledger:
    """Records outcomes in the order in which they came; `settled` is called for each when it is durable."""

    def __init__(self, store: Store, patience: Patience, settled: Settled) -> None:
        self._store = store
        self._patience = patience
        self._settled = settled
        self._waiting: list[Outcome] = []
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._closing = False
        self._refused = False

    def start(self) -> None:
        """Begin to record."""
        self._writer = asyncio.create_task(self._write())
        self._writer.add_done_callback(self._ended)

    def add(self, outcome: Outcome) -> None:
        """Record an outcome soon."""
        self._waiting.append(outcome)
        self._arrived.set()

    def sound(self) -> bool:
        """Whether outcomes get through. If not, nothing should start: what cannot be recorded would be
        claimed, and delivered, a second time."""
        return not self._refused and len(self._waiting) < KEPT

    async def close(self) -> None:
        """Return when everything is recorded, or when the store refuses: then leases take care of it."""
        if self._writer is not None:
            self._closing = True
            self._arrived.set()
            await asyncio.wait([self._writer])

    async def _write(self) -> None:
        while await self._more():
            batch, self._waiting = self._waiting, []
            try:
                settlements = await self._patience.insist(partial(self._record, batch))
            except StoreUnavailable as error:
                logger.error(line("outcomes not recorded", count=len(batch), error=error))
                return
            self._refused = False
            for outcome, settlement in zip(batch, settlements, strict=True):
                self._settled(outcome, settlement)

    def _ended(self, writer: "asyncio.Task[None]") -> None:
        """A fault in the store must not look like health: no recording, no sending."""
        if not writer.cancelled() and (error := writer.exception()) is not None:
            self._refused = True
            logger.critical(line("outcomes are recorded no more, restart the gateway", error=repr(error)))

    async def _more(self) -> bool:
        """Wait for outcomes. False: all are recorded and no more will come."""
        while not self._waiting and not self._closing:
            self._arrived.clear()
            await self._arrived.wait()
        return bool(self._waiting)

    async def _record(self, batch: Sequence[Outcome]) -> list[Settlement]:
        try:
            return await self._store.finish(batch)
        except StoreUnavailable:
            self._refused = True
            raise
