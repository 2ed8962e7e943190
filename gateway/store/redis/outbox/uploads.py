"""Whose uploads media are. Redis forgets them by itself; what is too old by our clock is not told before."""

import msgspec

from gateway.store.outbox import UPLOADED_MS
from gateway.store.redis.layout.library import central_script
from gateway.store.redis.layout.shards import Shards

_KEEP, _READ = central_script("central/upload"), central_script("central/uploaded")
_decoder = msgspec.json.Decoder(tuple[str, int])


class Uploads:
    """Belongs to no shard: an id does not tell whose it is."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def keep(self, platform: str, page_id: str, media_id: str, now: int) -> None:
        """Remember one."""
        kept = msgspec.json.encode((page_id, now + UPLOADED_MS))
        await self._shards.central(_KEEP, f"{platform}:{media_id}", kept, UPLOADED_MS, repeatable=True)

    async def page_of(self, platform: str, media_id: str, now: int) -> str | None:
        """The page that has uploaded it; None: not known."""
        kept = await self._shards.central(_READ, f"{platform}:{media_id}", repeatable=True)
        if kept is None:
            return None
        page_id, until = _decoder.decode(kept)
        return page_id if until > now else None
