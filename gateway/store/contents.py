"""The part of the store contract by which contents of events go early; a store has it as `contents`."""

from collections.abc import Collection
from typing import Protocol


class Contents(Protocol):
    """Customers may want nothing kept that has been delivered (`Keeping.content`)."""

    async def empty(self, customer_ids: Collection[str], limit: int) -> int:
        """Look at some events that only these customers have, and empty those that have arrived.

        At most `limit` that were never looked at, and some of those that had not arrived then; how many
        were new or were emptied (0: come again in a second). An event has arrived when each delivery of
        it has succeeded or lost its endpoint, and every endpoint of its customers that pulls has
        acknowledged it. While a customer has no endpoint at all, nothing of it has arrived. An emptied
        event stays listed, without its raw element and with `content_removed`: no log gives it, no replay
        or re-normalisation takes it, and `redeliver` raises ContentRemoved.
        """
        ...
