"""Moving a store's content into another one: resumable at every stretch, and compared at the end."""

import hashlib
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.store.transfer.contract import (
    KINDS,
    Entering,
    Kind,
    Leaving,
    Progress,
    Stretch,
    TransferRecord,
    records_of,
)

STRETCH = 200
Work = Literal["moving", "comparing"]
Report = Callable[[Work, Kind, int, int], None]
"""Called with what is done to which kind, how many records of all kinds are done, and how many there are."""
_encoder = msgspec.msgpack.Encoder(order="deterministic")


class NotTheSame(Exception):
    """The new store holds something else than the old one; the text names it."""


class Compared(Struct, frozen=True):
    """What both stores hold."""

    counts: dict[Kind, int]
    digest: str
    """SHA-256 of all records, in hexadecimal."""


class Migration:
    """One move. Nothing else may use either store meanwhile."""

    def __init__(self, old: Leaving, entering: Entering, new: Leaving, report: Report) -> None:
        """`entering` and `new` are two sides of one store."""
        self._old = old
        self._entering = entering
        self._new = new
        self._report = report
        self._total = 0

    async def move(self) -> Progress:
        """Carry over what has not been. Raises Conflict, StoreUnavailable."""
        progress = await self._entering.begin(await self._old.source())
        self._total = sum((await self._old.totals()).values())
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
            stretch: Stretch = await self._old.stretch(kind, progress.cursor, STRETCH)
            progress.cursor, more = stretch.cursor, stretch.more
            progress.counts[kind] = progress.counts.get(kind, 0) + len(stretch.records)
            await self._entering.restore(stretch, progress)
            self._report("moving", kind, sum(progress.counts.values()), self._total)

    async def compare(self) -> Compared:
        """Read both stores after `move`, record by record. Raises NotTheSame, StoreUnavailable."""
        digest, counts = hashlib.sha256(), dict.fromkeys(KINDS, 0)
        for kind in KINDS:
            others = records_of(self._new, kind, STRETCH)
            async for record in records_of(self._old, kind, STRETCH):
                other = await anext(others, None)
                if record != other:
                    raise NotTheSame(_difference(kind, record, other))
                digest.update(_encoder.encode(record))
                counts[kind] += 1
                if counts[kind] % STRETCH == 0:
                    self._report("comparing", kind, sum(counts.values()), self._total)
            if (other := await anext(others, None)) is not None:
                raise NotTheSame(_difference(kind, None, other))
            self._report("comparing", kind, sum(counts.values()), self._total)
        return Compared(counts, digest.hexdigest())


def _difference(kind: Kind, record: TransferRecord | None, other: TransferRecord | None) -> str:
    """What differs, by its name: its content may be secret."""
    return f"{kind}: {_name(record)} in the old store, {_name(other)} in the new one"


def _name(record: Any) -> str:
    if record is None:
        return "nothing"
    for part in (record, getattr(record, "replay", None), getattr(record, "run", None)):
        for field in ("id", "endpoint_id", "name"):
            if isinstance(name := getattr(part, field, None), str):
                return name
    return type(record).__name__
