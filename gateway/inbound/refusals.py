"""The last refusals, for the operator: a wrong app secret must not look like silence."""

from collections import Counter, deque

from msgspec import Struct

KEPT = 100


class Refusal(Struct, frozen=True, kw_only=True):
    """A request that was not let in: when (Unix milliseconds), where, why. Never its body."""

    at: int
    path: str
    reason: str


class Refusals:
    """A ring of the newest refusals, and how many of each reason there have been since the start."""

    def __init__(self) -> None:
        self._newest: deque[Refusal] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def add(self, at: int, path: str, reason: str) -> None:
        """Note one; the oldest makes room."""
        self._newest.appendleft(Refusal(at=at, path=path[:200], reason=reason))
        self.counts[reason] += 1

    def newest(self) -> list[Refusal]:
        """Newest first, at most 100."""
        return list(self._newest)
