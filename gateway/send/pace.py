"""How fast an account may send: Meta's limits, kept before Meta has to say so. Pure; milliseconds.

Meta, "Messenger Platform: Rate Limits" (300 texts and 10 sounds or videos a second per Page or Instagram
account), "WhatsApp: Throughput" (80 messages a second per number), "Pair rate limits" (one message in 6
seconds to the same person; up to 45 at once are lent, and their time is paid back).
"""

from collections.abc import Iterable

from msgspec import Struct

from adapters.sending import Usage
from gateway.store.outgoing import Message

PAIR_MS = 6_000
PAIR_BURST = 45
_TEXTS = 300
_MEDIA = 10
_NUMBER = 80
_HEAVY = frozenset({"audio", "video"})
_NEARLY_USED = 90
_SLOWED_MS = 200
"""How much later the next message goes for each percent above that."""
_FORGET_ABOVE = 10_000


class Spacing:
    """So many a second, evenly."""

    def __init__(self, per_second: int) -> None:
        self._gap_ms = 1_000 / per_second
        self._next = 0.0

    def wait_ms(self, now: int) -> float:
        """How long until the next one may go; the clock does not tell less than a millisecond."""
        wait = round(self._next - now, 3)
        return wait if wait >= 1 else 0.0

    def take(self, now: int) -> None:
        """One goes now."""
        self._next = max(self._next, now) + self._gap_ms


class _Burst(Struct):
    began_at: int
    messages: int = 0

    def over_at(self) -> int:
        """When it is paid back."""
        return self.began_at + self.messages * PAIR_MS


class Pairs:
    """Bursts of one number, by person."""

    def __init__(self) -> None:
        self._bursts: dict[str, _Burst] = {}

    def wait_ms(self, person: str, now: int) -> float:
        """How long until the person may be written to."""
        burst = self._bursts.get(person)
        if burst is None or now >= burst.over_at():
            return 0.0
        lent = now - burst.began_at < PAIR_MS and burst.messages < PAIR_BURST
        return 0.0 if lent else float(burst.over_at() - now)

    def take(self, person: str, now: int) -> None:
        """One goes to this person now."""
        if len(self._bursts) > _FORGET_ABOVE:
            self._bursts = {key: one for key, one in self._bursts.items() if now < one.over_at()}
        burst = self._bursts.get(person)
        if burst is None or now >= burst.over_at():
            burst = self._bursts[person] = _Burst(now)
        burst.messages += 1


class Pace:
    """One account's."""

    def __init__(self, platform: str) -> None:
        self._pairs = Pairs() if platform == "whatsapp" else None
        self._all = Spacing(_NUMBER if platform == "whatsapp" else _TEXTS)
        self._media = None if platform == "whatsapp" else Spacing(_MEDIA)
        self._stopped_until = 0

    def stopped_ms(self, now: int) -> float:
        """How long nothing at all may go."""
        return max(0.0, self._stopped_until - now)

    def wait_ms(self, message: Message, now: int) -> float:
        """How long until this message may go; 0: it goes now, and counts."""
        waits = [self.stopped_ms(now), self._all.wait_ms(now)]
        media = self._media if message.content.get("type") in _HEAVY else None
        pairs = self._pairs if not message.signal else None
        if media is not None:
            waits.append(media.wait_ms(now))
        if pairs is not None:
            waits.append(pairs.wait_ms(message.line, now))
        longest = max(waits)
        if not longest:
            self._all.take(now)
            if media is not None:
                media.take(now)
            if pairs is not None:
                pairs.take(message.line, now)
        return longest

    def stop(self, until: int) -> None:
        """The platform has had too much of this account."""
        self._stopped_until = max(self._stopped_until, until)

    def heed(self, readings: Iterable[Usage], now: int) -> None:
        """What the platform says beside an answer: slow down when little is left, stop when nothing is."""
        for one in readings:
            if one.regain_access_seconds:
                self.stop(now + one.regain_access_seconds * 1_000)
            elif one.percent >= _NEARLY_USED:
                self.stop(now + (one.percent - _NEARLY_USED + 1) * _SLOWED_MS)
