"""When an endpoint's deliveries can be claimed, as far as is known, untried and tried ones apart.

The store answers a claim with the next due time of either kind. The agenda remembers for which kind it
is news, so that a full retry lane neither hides first attempts nor makes the dispatcher ask in a circle.
"""

from msgspec import Struct

RECHECK_MS = 1_000
"""One kind is exhausted, and the store's next due time speaks of the other: ask again then."""


class Share(Struct, frozen=True):
    """Slots by kind: those that a claim asks to fill, or those that it filled."""

    first: int
    retries: int


class Agenda:
    """Due times in Unix milliseconds; None where nothing is known to wait."""

    __slots__ = ("_first_due", "_retries_turn", "_retry_due")

    def __init__(self) -> None:
        self._first_due: int | None = None
        self._retry_due: int | None = None
        self._retries_turn = False

    def expect_first(self, due_at: int) -> None:
        """An untried delivery can be claimed at `due_at`."""
        self._first_due = _earlier(self._first_due, due_at)

    def expect_retry(self, due_at: int) -> None:
        """A tried delivery can be claimed at `due_at`."""
        self._retry_due = _earlier(self._retry_due, due_at)

    def expect(self, due_at: int) -> None:
        """Something can be claimed at `due_at`."""
        self.expect_first(due_at)
        self.expect_retry(due_at)

    def next_due(self, *, retries: bool) -> int | None:
        """The earliest moment worth a claim; without the retries if they may not start now."""
        return _earlier(self._first_due, self._retry_due) if retries else self._first_due

    def split(self, free: int, free_for_retries: int, now: int) -> Share:
        """What to claim with so many free slots: where both kinds wait, half each, the odd slot in turn.

        What is asked for is no longer expected: `learn` will tell, and whatever becomes known while the
        claim is under way is not lost with its answer.
        """
        first = free if _is_due(self._first_due, now) else 0
        retries = min(free, free_for_retries) if _is_due(self._retry_due, now) else 0
        if first and retries:
            self._retries_turn = not self._retries_turn
            retries = min(retries, (free + self._retries_turn) // 2)
            first = free - retries
        if first:
            self._first_due = None
        if retries:
            self._retry_due = None
        return Share(first, retries)

    def learn(self, asked: Share, got: Share, next_due: int | None, now: int) -> None:
        """Take in a claim's answer."""
        if asked.first:
            self._first_due = _earlier(self._first_due, _learnt(asked.first == got.first, next_due, now))
        if asked.retries:
            self._retry_due = _earlier(self._retry_due, _learnt(asked.retries == got.retries, next_due, now))


def _learnt(filled: bool, next_due: int | None, now: int) -> int | None:
    if next_due is None or next_due > now:
        return next_due
    return now if filled else now + RECHECK_MS


def _earlier(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _is_due(due_at: int | None, now: int) -> bool:
    return due_at is not None and due_at <= now
