"""Replays as they stand."""

from typing import Any

import msgspec
from msgspec.structs import replace

from gateway.store.paging import cursor, page_of, position
from gateway.store.records import Page, PageRequest
from gateway.store.redis.library import central_script
from gateway.store.redis.shards import Shards
from gateway.store.replay import Replay

_LIST, _CELLS = central_script("replays"), central_script("cells")
_STEP = 200
_decoder = msgspec.json.Decoder(Replay)


class ReplayReads:
    """They belong to no shard, for each goes over all of them."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def replay(self, customer_id: str | None, replay_id: str) -> Replay | None:
        """None: the customer has no such replay."""
        (record,) = await self._shards.central(_CELLS, "replays", replay_id, repeatable=True)
        if record is None:
            return None
        found = _decoder.decode(record)
        return found if customer_id in (None, found.customer_id) else None

    async def list(self, customer_id: str | None, request: PageRequest) -> Page[Replay]:
        """One page. Raises InvalidCursor."""
        last = position(request, 1)
        begin = ("-inf" if request.ascending else "+inf") if last is None else f"({last[0]}"
        end, order = ("+inf", "asc") if request.ascending else ("-inf", "desc")
        rows: list[Replay] = []
        while len(rows) <= request.limit:
            flat = await self._shards.central(_LIST, begin, end, order, _STEP, repeatable=True)
            found = [_numbered(*pair) for pair in zip(flat[::2], flat[1::2], strict=True)]
            rows += [one for one in found if customer_id in (None, one.customer_id)]
            if len(found) < _STEP:
                break
            begin = f"({found[-1].cursor}"
        return page_of(rows, request, lambda row: row, lambda row: row.cursor)


def _numbered(number: Any, record: bytes) -> Replay:
    return replace(_decoder.decode(record), cursor=cursor(int(number)))
