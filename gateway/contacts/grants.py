"""Which fields of people's profiles a page has been refused, as long as that is worth knowing."""

from collections.abc import Iterable

from gateway.contacts.freshness import KNOWN_MS

Page = tuple[str, str]
"""Platform and page id."""


class Grants:
    """In memory: a restart asks once more. What was refused is tried again after a day."""

    def __init__(self) -> None:
        self._refused: dict[tuple[Page, str], int] = {}

    def among(self, page: Page, names: Iterable[str], now: int) -> tuple[str, ...]:
        """Those of the fields that were not refused of late."""
        return tuple(name for name in names if self._refused.get((page, name), 0) <= now)

    def refused(self, page: Page, name: str, now: int) -> None:
        """Do not ask for it for a day."""
        self._refused[page, name] = now + KNOWN_MS
