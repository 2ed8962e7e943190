"""How a store is left, and how one is entered: a sequence of records for each kind of thing, oldest first.

Records name things as the API does. To carry a new kind over: a record beside this file, its name in KINDS,
a reader and a writer in each store.
"""

from collections.abc import AsyncIterator
from typing import Literal, Protocol, get_args

from msgspec import Struct
from msgspec.structs import replace

from gateway.store.transfer.events import EventRecord, HeldRecord, SeenRecord
from gateway.store.transfer.ledgers import (
    CountedRecord,
    DepartedRecord,
    ErasedRecord,
    ErasureRecord,
    MessageRecord,
)
from gateway.store.transfer.people import ContactRecord, ConversationRecord
from gateway.store.transfer.records import (
    KeyedRecord,
    LeavingRecord,
    PlaceRecord,
    QuarantineRecord,
    RenormalisationRecord,
    ReplayRecord,
    Setup,
)
from gateway.store.usage import Usage

Kind = Literal[
    "setup",
    "contacts",
    "groups",
    "erased",
    "departed",
    "seen",
    "events",
    "leaving",
    "held",
    "messages",
    "usage",
    "counted",
    "quarantine",
    "keyed",
    "replays",
    "renormalisations",
    "places",
    "erasures",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are carried over: what is named later has been written before."""

TransferRecord = (
    Setup
    | ContactRecord
    | ConversationRecord
    | ErasedRecord
    | DepartedRecord
    | SeenRecord
    | EventRecord
    | LeavingRecord
    | HeldRecord
    | MessageRecord
    | Usage
    | CountedRecord
    | QuarantineRecord
    | KeyedRecord
    | ReplayRecord
    | RenormalisationRecord
    | PlaceRecord
    | ErasureRecord
)


class Stretch(Struct, frozen=True, kw_only=True):
    """Some records of one kind."""

    kind: Kind
    records: tuple[TransferRecord, ...]
    cursor: str
    """Where the next stretch of this kind begins."""
    more: bool


class Progress(Struct, kw_only=True):
    """How far a transfer has come; it lies in the store that is entered."""

    source: str
    """Names the store that is left."""
    kind: Kind = "setup"
    cursor: str = ""
    last: dict[str, int] = {}
    """The last key of each kind in the new store, where records get keys of their moments."""
    counts: dict[str, int] = {}
    finished: bool = False


class Leaving(Protocol):
    """The store that is left. Nothing else uses it meanwhile."""

    async def source(self) -> str:
        """What names this store and no other. Raises Conflict while it cannot be left."""
        ...

    async def totals(self) -> dict[Kind, int]:
        """How many records of each kind there are."""
        ...

    async def stretch(self, kind: Kind, after: str, limit: int) -> Stretch:
        """The next records of a kind, in an order that is the same in every store."""
        ...


class Entering(Protocol):
    """The store that is entered. It is opened anew before anything else uses it."""

    async def begin(self, source: str) -> Progress:
        """How far it has come before. Raises Conflict for a store with other content."""
        ...

    async def restore(self, stretch: Stretch, progress: Progress) -> None:
        """Take in some records and remember that; `progress` is as it will be. Safe to repeat."""
        ...

    async def keep(self, progress: Progress) -> None:
        """Remember how far it has come."""
        ...


async def records_of(leaving: Leaving, kind: Kind, limit: int) -> AsyncIterator[TransferRecord]:
    """All records of a kind, without the keys of the store."""
    cursor, more = "", True
    while more:
        stretch = await leaving.stretch(kind, cursor, limit)
        cursor, more = stretch.cursor, stretch.more
        for record in stretch.records:
            yield _without_keys(record)


def _without_keys(record: TransferRecord) -> TransferRecord:
    """Two stores have the same order, and need not have the same keys."""
    if isinstance(record, ContactRecord):
        return replace(record, key=0, conversations=tuple(map(_without_key, record.conversations)))
    return _without_key(record) if isinstance(record, ConversationRecord) else record


def _without_key(talk: ConversationRecord) -> ConversationRecord:
    return replace(talk, key=0, ended=tuple(replace(one, key=0) for one in talk.ended))
