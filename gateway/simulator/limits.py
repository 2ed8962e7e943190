"""How much Meta takes in how much time, and the headers that tell how much of it is used.

Messenger and Instagram: 300 messages a second per Page or account, 10 with audio or video; calls of an app
in 24 hours. WhatsApp: 80 messages a second per number (20 with coexistence), and per pair of number and
person one message in 6 seconds: a burst of up to 45 is lent, and the time it would have taken is paid back.
"""

import json
from collections import deque

from msgspec import Struct

from gateway.simulator.clock import DAY, SECOND
from gateway.simulator.numbers import Number

PAIR_MS = 6 * SECOND


class Quota(Struct, kw_only=True):
    """The figures; a test makes them small."""

    app_calls_a_day: int = 200_000
    page_messages_a_second: int = 300
    page_media_a_second: int = 10
    page_calls_a_day: int = 96_000
    number_messages_a_second: int = 80
    coexistence_messages_a_second: int = 20
    pair_burst: int = 45


class Window:
    """Counts what happened within a time."""

    def __init__(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self._moments: deque[int] = deque()

    def count(self, now_ms: int) -> int:
        """How many happened within the time that ends now."""
        while self._moments and now_ms - self._moments[0] >= self._length_ms:
            self._moments.popleft()
        return len(self._moments)

    def add(self, now_ms: int) -> None:
        """One more."""
        self._moments.append(now_ms)


class Burst(Struct):
    """Messages from one number to one person."""

    began_ms: int
    messages: int = 0


class Limits:
    """All counters of one simulated Meta."""

    def __init__(self) -> None:
        self.quota = Quota()
        self._windows: dict[tuple[str, str], Window] = {}
        self._bursts: dict[tuple[str, str], Burst] = {}

    def _take(self, what: str, whose: str, length_ms: int, limit: int, now_ms: int) -> bool:
        window = self._windows.setdefault((what, whose), Window(length_ms))
        if window.count(now_ms) >= limit:
            return False
        window.add(now_ms)
        return True

    def app_call(self, app_id: str, now_ms: int) -> bool:
        """Whether the app may make this call."""
        return self._take("app", app_id, DAY, self.quota.app_calls_a_day, now_ms)

    def page_call(self, page_id: str, now_ms: int) -> bool:
        """Whether the Page may make this call."""
        return self._take("page", page_id, DAY, self.quota.page_calls_a_day, now_ms)

    def page_message(self, page_id: str, now_ms: int, *, media: bool) -> bool:
        """Whether the Page or account may send this second."""
        if media:
            return self._take("media", page_id, SECOND, self.quota.page_media_a_second, now_ms)
        return self._take("text", page_id, SECOND, self.quota.page_messages_a_second, now_ms)

    def number_message(self, number: Number, now_ms: int) -> bool:
        """Whether the number may send this second."""
        quota = self.quota
        limit = quota.coexistence_messages_a_second if number.coexistence else quota.number_messages_a_second
        return self._take("number", number.id, SECOND, limit, now_ms)

    def pair_message(self, number: Number, person: str, now_ms: int) -> bool:
        """Whether the number may write to this person now."""
        burst = self._bursts.get((number.id, person))
        if burst is None or now_ms - burst.began_ms >= burst.messages * PAIR_MS:
            burst = self._bursts[number.id, person] = Burst(now_ms)
        if now_ms - burst.began_ms >= PAIR_MS or burst.messages >= self.quota.pair_burst:
            return False
        burst.messages += 1
        return True

    def headers(self, app_id: str, page_id: str | None, now_ms: int) -> dict[str, str]:
        """`X-App-Usage`, and `X-Business-Use-Case-Usage` where a Page's token was used; percentages."""
        used = self._share("app", app_id, self.quota.app_calls_a_day, now_ms)
        usage = {"call_count": used, "total_time": used, "total_cputime": used}
        made = {"x-app-usage": json.dumps(usage)}
        if page_id:
            share = self._share("page", page_id, self.quota.page_calls_a_day, now_ms)
            counts = {"call_count": share, "total_cputime": share, "total_time": share}
            case = {"type": "messenger"} | counts | {"estimated_time_to_regain_access": 0}
            made["x-business-use-case-usage"] = json.dumps({page_id: [case]})
        return made

    def _share(self, what: str, whose: str, limit: int, now_ms: int) -> int:
        window = self._windows.get((what, whose))
        return min(100, window.count(now_ms) * 100 // limit) if window else 0
