"""The part of the store contract that counts what accounts were used for; a store has it as `usage`."""

from typing import Protocol

from gateway.store.record import Record


class Usage(Record, frozen=True, kw_only=True):
    """What went through one account of one customer in one month."""

    customer_id: str
    platform: str
    page_id: str
    month: str
    """Of UTC, as in `2026-01`."""
    messages_received: int
    messages_sent: int
    conversations: int
    """Those in which at least one message went to or fro."""


class UsageCounts(Protocol):
    """Counts made of the events that are there; they stay when the events go."""

    async def tally(self, limit: int) -> int:
        """Count the next events, at most `limit`, each once whatever dies; how many they were.

        It must keep ahead of `prune`. An event counts for the customers that it was taken in for.
        """
        ...

    async def read(self, customer_id: str | None, month: str) -> tuple[Usage, ...]:
        """A month of one customer, or of all (None), by customer, platform and page."""
        ...
