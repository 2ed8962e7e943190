"""A circuit breaker: how an endpoint that fails everything is left in peace until it is back.

    closed   everything goes; 10 different deliveries failing in a row, with no success between, open it
    open     one probe at a time, after 1, 2, 4 … 60 s; whatever is under way still lands
    success  of a probe, or of anything that was still under way, closes it

It counts deliveries, not attempts: a single delivery that keeps failing says nothing about the endpoint,
and must not hold up the others. No I/O, no clock: times are passed in, in Unix milliseconds.
"""

THRESHOLD = 10
FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 60_000


class Circuit:
    """The breaker of one endpoint."""

    __slots__ = ("_failing", "_pause_ms", "_probe", "open", "probe_at", "probing")

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.open = False
        self.probing = False
        """A probe is under way or about to start; nothing else may start while the circuit is open."""
        self.probe_at = 0
        """When the next probe may start; 0 while closed."""
        self._probe: str | None = None
        self._failing: set[str] = set()
        self._pause_ms = FIRST_PAUSE_MS

    def admits(self, now: int) -> bool:
        """Whether an exchange may start now."""
        return not self.open or (not self.probing and now >= self.probe_at)

    def start(self, delivery_id: str) -> None:
        """Note which delivery is the probe, if one is wanted."""
        if self.probing:
            self._probe = delivery_id

    def succeeded(self) -> bool:
        """Note a success. True: the circuit was open and has just closed."""
        if not self._failing:
            return False
        was_open = self.open
        self._reset()
        return was_open

    def failed(self, delivery_id: str, now: int) -> bool:
        """Note a failure. True: the circuit has just opened."""
        if self.open:
            self._prolong(delivery_id, now)
            return False
        self._failing.add(delivery_id)
        if len(self._failing) < THRESHOLD:
            return False
        self.open = True
        self.probe_at = now + self._pause_ms
        return True

    def _prolong(self, delivery_id: str, now: int) -> None:
        if delivery_id != self._probe:
            return  # it was under way when the circuit opened
        self.withdraw_probe()
        self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)
        self.probe_at = now + self._pause_ms

    def withdraw_probe(self) -> None:
        """The probe did not start, or said nothing about the endpoint: another may."""
        self.probing = False
        self._probe = None
