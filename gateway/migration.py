"""Moving a store's content into another one: resumable at every stretch, and compared at the end."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec.structs import replace

from gateway.store.base import Store
from gateway.store.records import Delivery, DeliveryFilter, PageRequest
from gateway.store.transfer import KINDS, EventRecord, Kind, Progress, Stretch

STRETCH = 200
_MOST_DELIVERIES = 1_000
Report = Callable[[Kind | None, int], None]
"""Called with what is being moved (None: compared) and how many of it are done."""


class NotTheSame(Exception):
    """The new store shows something else than the old one; the text names it."""


class Leaving(Protocol):
    """The store that is left."""

    async def source(self) -> str: ...

    async def stretch(self, kind: Kind, after: str, limit: int) -> Stretch: ...


class Entering(Protocol):
    """The store that is entered."""

    async def begin(self, source: str) -> Progress: ...

    async def restore(self, stretch: Stretch, progress: Progress) -> None: ...

    async def keep(self, progress: Progress) -> None: ...


class Migration:
    """One move. Nothing else may use either store meanwhile."""

    def __init__(self, leaving: Leaving, entering: Entering, report: Report) -> None:
        self._leaving = leaving
        self._entering = entering
        self._report = report

    async def move(self) -> Progress:
        """Carry over what has not been. Raises Conflict, StoreUnavailable."""
        progress = await self._entering.begin(await self._leaving.source())
        if not progress.finished:
            for kind in KINDS[KINDS.index(progress.kind) :]:
                await self._move(kind, progress)
            progress.finished = True
            await self._entering.keep(progress)
        return progress

    async def _move(self, kind: Kind, progress: Progress) -> None:
        if progress.kind != kind:
            progress.kind, progress.cursor = kind, ""
        more = True
        while more:
            stretch = await self._leaving.stretch(kind, progress.cursor, STRETCH)
            progress.cursor, more = stretch.cursor, stretch.more
            progress.counts[kind] = progress.counts.get(kind, 0) + len(stretch.records)
            await self._entering.restore(stretch, progress)
            self._report(kind, progress.counts[kind])

    async def compare(self, old: Store, new: Store) -> tuple[int, str]:
        """How many events both stores show alike, with all deliveries and attempts, and a hash of all.

        Raises NotTheSame.
        """
        count, digest, cursor, more = 0, hashlib.sha256(), "", True
        while more:
            stretch = await self._leaving.stretch("events", cursor, STRETCH)
            cursor, more = stretch.cursor, stretch.more
            events = [record for record in stretch.records if isinstance(record, EventRecord)]
            await asyncio.gather(*(_same(record.id, old, new) for record in events))
            for record in events:
                digest.update(record.id.encode() + record.body)
            count += len(events)
            self._report(None, count)
        return count, digest.hexdigest()


async def _same(event_id: str, old: Store, new: Store) -> None:
    which, page = DeliveryFilter(event_id=event_id), PageRequest(limit=_MOST_DELIVERIES)
    first, second = await old.event(None, event_id), await new.event(None, event_id)
    if first is None or second is None or replace(first, cursor="") != replace(second, cursor=""):
        raise NotTheSame(f"event {event_id}")
    if await old.raw(None, event_id) != await new.raw(None, event_id):
        raise NotTheSame(f"the raw element of event {event_id}")
    mine, other = await old.deliveries(None, which, page), await new.deliveries(None, which, page)
    if _shown(mine.data) != _shown(other.data):
        raise NotTheSame(f"the deliveries of event {event_id}")
    for delivery in mine.data:
        if await old.attempts(None, delivery.id) != await new.attempts(None, delivery.id):
            raise NotTheSame(f"the attempts of delivery {delivery.id}")


def _shown(deliveries: Iterable[Delivery]) -> list[Delivery]:
    return sorted((replace(one, cursor="") for one in deliveries), key=lambda one: one.id)
