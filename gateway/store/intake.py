"""Whether a store takes in anything new: found out beside the requests, looked at by each of them."""

from typing import Any

from gateway.log import line, logger
from gateway.store.base import IntakeStopped, StoreLost, StoreUnavailable
from gateway.store.records import Health


class Intake:
    """What it says changes when room was measured, when a write fails, and when one succeeds after that.

    Belongs to the event loop.
    """

    def __init__(self, failing: str) -> None:
        """`failing`: what a write that fails for want of room says, in words that anybody may read."""
        self._failing = failing
        self._low: str | None = None
        self.suspect = False
        """A write has failed for want of room, and none has proved the contrary since."""
        self.stops = 0
        """How often the intake was stopped."""

    @property
    def shortage(self) -> str | None:
        """Why nothing new is taken in, in words that anybody may read; None: it is."""
        return self._failing if self.suspect else self._low

    def check(self) -> None:
        """Cheap, for every request. Raises IntakeStopped."""
        if self.suspect or self._low is not None:
            raise IntakeStopped(self.shortage)

    def __enter__(self) -> None:
        """Around a write that takes something in. Raises IntakeStopped, before it or because of it."""
        self.check()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, IntakeStopped):
            self.failed(error)

    def failed(self, cause: Exception) -> None:
        """A write could not be done."""
        self._change(suspect=True, low=self._low, cause=cause)

    def proved(self) -> None:
        """A write that needed room was done."""
        self._change(suspect=False, low=self._low)

    def measured(self, low: str | None) -> None:
        """What speaks against taking anything in; None: there is room."""
        self._change(suspect=self.suspect, low=low)

    def health(self, facts: dict[str, Any], error: StoreUnavailable | None = None) -> Health:
        """What the store says of itself; `error` is why it takes nothing in."""
        facts = {**facts, "intake_stops": self.stops}
        if error is None:
            return Health(writable=True, facts=facts)
        shortage = self.shortage
        lost = "the store has lost its data" if isinstance(error, StoreLost) else "the store does not answer"
        reason = shortage or lost
        return Health(writable=False, detail=shortage or str(error), reason=reason, facts=facts)

    def _change(self, *, suspect: bool, low: str | None, cause: Exception | None = None) -> None:
        """Take on a state; the log has one line when the intake stops and one when it goes on."""
        before = self.shortage
        self.suspect, self._low = suspect, low
        if before is None and self.shortage is not None:
            self.stops += 1
            logger.error(line("nothing new is taken in", reason=self.shortage, cause=cause))
        elif before is not None and self.shortage is None:
            logger.warning(line("events are taken in again"))
