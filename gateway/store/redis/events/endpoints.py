"""How the deliveries of one endpoint go."""

from collections import Counter

from gateway.store.records import Attempt, EndpointStats
from gateway.store.redis.layout.attempts import attempt_of
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards

_STATS, _OPEN = shard_script("events/stats"), shard_script("events/open")
NEWEST = 10_000
"""So many deliveries of each shard are looked at: a busy day has millions."""
_STEP = 1_000


class EndpointReads:
    """Sums over all shards."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def stats(self, endpoint_id: str, since: int) -> EndpointStats:
        """Nothing at all for an endpoint that is not known."""
        attempts: list[Attempt] = []
        dead = 0
        for shard in self._shards.numbers:
            found, died = await self._of_shard(shard, endpoint_id, since)
            attempts += found
            dead += died
        still_open = await self._shards.everywhere(_OPEN, endpoint_id, repeatable=True)
        return EndpointStats(
            durations_ms=tuple(sorted(one.duration_ms for one in attempts)),
            errors=dict(Counter(one.error for one in attempts if one.error is not None)),
            dead=dead,
            pending=sum(one[0] for one in still_open),
            failed=sum(one[1] for one in still_open),
            oldest_due_at=min((int(one[2]) for one in still_open if one[2] != b""), default=None),
        )

    async def _of_shard(self, shard: int, endpoint_id: str, since: int) -> tuple[list[Attempt], int]:
        attempts: list[Attempt] = []
        dead = 0
        more: bytes | str = "+inf"
        for _ in range(NEWEST // _STEP):
            if more:
                more, died, *texts = await self._shards.run(
                    shard, _STATS, endpoint_id, since, more, _STEP, repeatable=True
                )
                attempts += map(attempt_of, texts)
                dead += died
        return attempts, dead
