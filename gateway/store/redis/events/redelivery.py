"""What was finished, or waits for its schedule, becomes due anew."""

from gateway.store.errors import ContentRemoved
from gateway.store.redis.events.reads import EventReads
from gateway.store.redis.layout.library import shard_script
from gateway.store.redis.layout.shards import Shards

_REDELIVER = shard_script("events/again", "events/give", "events/redeliver")
_RECOVER = shard_script("events/recover")
_NOTHING_LEFT = -1
_STEP = 500
"""Deliveries per script: a longer one would hold up the hot path."""


class Redeliveries:
    """One event, or all that failed in an outage."""

    def __init__(self, shards: Shards, events: EventReads) -> None:
        self._shards = shards
        self._events = events

    async def redeliver(self, customer_id: str | None, event_id: str, endpoint_id: str, now: int) -> bool:
        """Whether the customer has the event and the endpoint, and something can be sent there.

        Raises ContentRemoved.
        """
        found = await self._events.find(customer_id, event_id)
        if found is None:
            return False
        which = (found.key, endpoint_id, customer_id or "", now)
        answer = await self._shards.run(found.shard, _REDELIVER, *which, repeatable=True)
        if answer == _NOTHING_LEFT:
            raise ContentRemoved(event_id)
        return bool(answer)

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        """Make due at `now` what failed at `since` or later."""
        for shard in self._shards.numbers:
            left = 0
            while left >= 0:
                left = await self._shards.run(
                    shard, _RECOVER, endpoint_id, since, now, left, _STEP, repeatable=True
                )
