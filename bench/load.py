"""The load generator: pre-signed requests over keep-alive connections, one at a time on each.

`Closed` asks for capacity: it sends the next request as soon as a connection is free, but never has more
than `window` events between the first byte sent and the arrival at the sink. Without that bound a
server that acknowledges faster than it delivers would be measured by its growing backlog.
`Open` asks for latency: every request has its moment, and latency counts from that moment, also
when no connection was free (no coordinated omission).
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Self

from bench.connection import Connection
from bench.sink import Sink
from bench.traffic import Request

CONNECTIONS = 64
_PATIENCE_S = 10
_OK = b"HTTP/1.1 200"


class Load:
    """Sends `requests` in order."""

    def __init__(self, port: int, requests: Sequence[Request]) -> None:
        self.sent: dict[int, float] = {}
        """Message number → when it was written to a connection (monotonic seconds)."""
        self.accepted: dict[int, float] = {}
        """Message number → when the 200 came."""
        self.refused = 0
        """Answers other than 200, and requests whose connection broke."""
        self._port = port
        self._requests = requests
        self._position = 0
        self._connections: list[Connection] = []
        self._free: deque[Connection] = deque()
        """In turn: a connection that rests for five seconds is closed by the server."""
        self._outstanding = 0
        self._stopped = False
        self._finished = asyncio.Event()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered), "127.0.0.1", self._port
            )
            self._connections.append(connection)
        self._free.extend(self._connections)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        await asyncio.gather(*(connection.close() for connection in self._connections))

    def stop(self) -> None:
        """Send nothing more."""
        self._stopped = True
        self._look_whether_finished()

    async def finished(self, limit_s: float) -> None:
        """Wait until everything sent is answered; what takes longer is broken off, and so refused."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._finished.wait()

    def pump(self) -> None:
        """Send what may be sent now."""
        while self._free and not self._complete and self._may_send():
            request = self._requests[self._position]
            self._position += 1
            self.sent[request.number] = monotonic()
            self._outstanding += 1
            self._free.popleft().send(request)

    @property
    def _complete(self) -> bool:
        return self._stopped or self._position == len(self._requests)

    def _may_send(self) -> bool:
        return True

    def _answered(self, connection: Connection, number: int, status_line: bytes) -> None:
        self._outstanding -= 1
        if status_line.startswith(_OK):
            self.accepted[number] = monotonic()
        else:
            self.refused += 1
        if status_line:
            self._free.append(connection)
        self.pump()
        self._look_whether_finished()

    def _look_whether_finished(self) -> None:
        if self._complete and not self._outstanding:
            self._finished.set()


class Closed(Load):
    """As fast as the server takes it, for at most `seconds`."""

    def __init__(self, port: int, requests: Sequence[Request], sink: Sink, window: int) -> None:
        super().__init__(port, requests)
        self._sink = sink
        self._window = window

    async def run(self, seconds: float) -> None:
        """Send until the requests or the time are used up, and await the answers."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(seconds, self.stop)
        self._sink.arrived = self.pump
        self.pump()
        await self.finished(seconds + _PATIENCE_S)
        timer.cancel()

    def _may_send(self) -> bool:
        return self._position - self.refused - len(self._sink.arrivals) < self._window


class Open(Load):
    """At a constant rate, whatever the server does. `due`: message number → its moment."""

    def __init__(self, port: int, requests: Sequence[Request], per_second: float) -> None:
        super().__init__(port, requests)
        self.due: dict[int, float] = {}
        self._interval = 1 / per_second
        self._start = 0.0

    @property
    def lateness(self) -> list[float]:
        """How late each request was sent, in seconds: the generator's own share of the latencies."""
        return [self.sent[number] - due for number, due in self.due.items()]

    async def run(self) -> None:
        """Send everything at its moment and await the answers."""
        self._start = monotonic()
        self.due = {r.number: self._start + n * self._interval for n, r in enumerate(self._requests)}
        self._tick()
        await self.finished(len(self._requests) * self._interval + _PATIENCE_S)

    def _tick(self) -> None:
        self.pump()
        if not self._complete:
            asyncio.get_running_loop().call_later(0.001, self._tick)

    def _may_send(self) -> bool:
        return monotonic() >= self._start + self._position * self._interval
