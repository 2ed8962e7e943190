"""How long an answer about a person is good for, and how often a page may ask. Pure."""

from adapters.profile import NoProfile, Profile

HOUR_MS = 3_600_000
KNOWN_MS = 24 * HOUR_MS
"""Names and pictures change rarely; the picture's URL is good for days."""
MISSING_MS = {
    "empty": 6 * HOUR_MS,
    "no_profile": 7 * 24 * HOUR_MS,
    "no_consent": HOUR_MS,
    "not_visible": 24 * HOUR_MS,
    "not_permitted": 24 * HOUR_MS,
}
"""`no_consent` passes with the person's next message, the others with somebody's doing."""
TROUBLE_MS = 60_000
"""After an error that is no answer."""
PER_SECOND = 5
"""Requests of one page; far below Meta's limits, which sending needs more."""


def lifetime_ms(answer: Profile | NoProfile) -> int:
    """For how long it is not asked again."""
    return KNOWN_MS if isinstance(answer, Profile) else MISSING_MS[answer.reason]


class Turns:
    """When each page may ask next."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, str], int] = {}

    def take(self, page: tuple[str, str], now: int) -> int:
        """Milliseconds to wait for the turn that this call has taken."""
        at = max(now, self._next.get(page, 0))
        self._next[page] = at + 1000 // PER_SECOND
        return at - now
