"""What goes on in steps, as it stands: replays and re-normalisations are kept alike."""

from collections.abc import Callable, Collection
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay

Run = TypeVar("Run", bound=Replay | Renormalisation)
_BEGIN = central_script("runs/begin")
_LIST = central_script("runs/list")
_CELLS = central_script("layout/cells")
_TABLES, _DROP = central_script("layout/tables"), central_script("runs/drop")
_STEP = 200


class Runs(Generic[Run]):
    """They belong to no shard, for each goes over all of them."""

    def __init__(
        self,
        shards: Shards,
        kind: type[Run],
        place: Literal["replays", "renormalisations"],
        customer_of: Callable[[Run], str | None],
    ) -> None:
        self._shards = shards
        self._place = place
        self._customer_of = customer_of
        self._decoder = msgspec.json.Decoder(kind)

    async def begin(self, run: Run) -> None:
        """Keep it; the first step is due at once."""
        record = msgspec.json.encode(run)
        await self._shards.central(_BEGIN, self._place, run.id, record, run.created_at, repeatable=True)

    async def one(self, customer_id: str | None, run_id: str) -> Run | None:
        """None: the customer has no such run."""
        (record,) = await self._shards.central(_CELLS, self._place, run_id, repeatable=True)
        if record is None:
            return None
        found = self._decoder.decode(record)
        return found if self._is_for(customer_id, found) else None

    async def list(self, customer_id: str | None, request: PageRequest) -> Page[Run]:
        """One page. Raises InvalidCursor."""
        last = position(request, 1)
        begin = ("-inf" if request.ascending else "+inf") if last is None else f"({last[0]}"
        end, order = ("+inf", "asc") if request.ascending else ("-inf", "desc")
        rows: list[Run] = []
        while len(rows) <= request.limit:
            about = (self._place, begin, end, order, _STEP)
            flat = await self._shards.central(_LIST, *about, repeatable=True)
            found = [self._numbered(*pair) for pair in zip(flat[::2], flat[1::2], strict=True)]
            rows += [one for one in found if self._is_for(customer_id, one)]
            if len(found) < _STEP:
                break
            begin = f"({found[-1].cursor}"
        return page_of(rows, request, lambda row: row, lambda row: row.cursor)

    async def drop(self, texts: Collection[str]) -> None:
        """Delete runs whose records hold one of the texts. Safe to repeat."""
        (flat,) = await self._shards.central(_TABLES, self._place, repeatable=True)
        for name, record in zip(flat[::2], flat[1::2], strict=True):
            if any(text.encode() in record for text in texts):
                await self._shards.central(_DROP, self._place, name, repeatable=True)

    def _is_for(self, customer_id: str | None, run: Run) -> bool:
        return customer_id in (None, self._customer_of(run))

    def _numbered(self, number: Any, record: bytes) -> Run:
        return replace(self._decoder.decode(record), cursor=cursor(int(number)))
