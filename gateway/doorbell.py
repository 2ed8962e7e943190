"""Wakes who waits for an endpoint's next event, in this process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Doorbell:
    """A ring reaches who listens at that moment. So listen first, then look, then wait."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self.closed = False
        """Nobody waits any more: the process is about to end."""

    def ring(self, endpoint_id: str) -> None:
        """There may be something new for the endpoint."""
        for listener in self._listeners.get(endpoint_id, ()):
            listener.rung.set()

    def ring_all(self) -> None:
        """There may be something new for anybody."""
        for endpoint_id in self._listeners:
            self.ring(endpoint_id)

    def close(self) -> None:
        """Let everybody go."""
        self.closed = True
        self.ring_all()

    @contextmanager
    def listening(self, endpoint_id: str) -> "Iterator[Listener]":
        """Hear rings from now on."""
        listener = Listener(self)
        listeners = self._listeners[endpoint_id]
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(endpoint_id, None)


class Listener:
    """One who waits. What rings while it looks is not missed."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell = doorbell
        self.rung = asyncio.Event()

    async def heard(self, seconds: float) -> bool:
        """Wait for a ring, at most so long. False: there was none, or there will be none."""
        if not self._doorbell.closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(seconds, 0)):
                    await self.rung.wait()
        rung = self.rung.is_set()
        self.rung.clear()
        return rung and not self._doorbell.closed
