"""The receiver at the end: answers 200 at once, and counts what arrived by its webhook-id."""

import asyncio
import base64
import hmac
from collections.abc import Callable
from time import monotonic
from typing import cast

from bench.traffic import number
from bench.wire import header, message

_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
_SAMPLE = 100
"""Every how many events the signature is checked: all of them would make the sink the bottleneck."""


def _nothing() -> None:
    """Nobody waits for arrivals."""


class Sink:
    """A local HTTP server. `arrivals`: message number → when it came first (monotonic seconds)."""

    def __init__(self) -> None:
        self.secret: str | None = None
        """The endpoint's secret, `whsec_…`; None where the server under test does not sign."""
        self.arrived: Callable[[], None] = _nothing
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[Receiving] = set()
        self.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def clear(self) -> None:
        """Forget what came, for the next turn."""
        self.arrivals: dict[int, float] = {}
        self._ids: set[bytes] = set()
        self.repeated = self.strange = self.checked = self.forged = 0

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Receiving(self, self._open), "127.0.0.1", 0, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections from now on and drop the open ones."""
        if self._server is not None:
            self._server.close()
            await asyncio.gather(*(connection.close() for connection in list(self._open)))
            await self._server.wait_closed()
            self._server = None

    def take(self, head: bytes, body: bytes) -> None:
        """Count one delivered event."""
        webhook_id = header(head, b"webhook-id")
        if webhook_id in self._ids:
            self.repeated += 1
            return
        self._ids.add(webhook_id)
        mark = number(body)
        if mark is None or not webhook_id:
            self.strange += 1
            return
        self.arrivals[mark] = monotonic()
        if self.secret and len(self.arrivals) % _SAMPLE == 1:
            self.checked += 1
            self.forged += not signed(head, body, self.secret)
        self.arrived()

    async def received(self, count: int, limit_s: float) -> bool:
        """Wait until `count` messages have arrived; False if that takes longer than `limit_s`."""
        complete = asyncio.Event()
        self.arrived = lambda: complete.set() if len(self.arrivals) >= count else None
        self.arrived()
        try:
            async with asyncio.timeout(limit_s):
                await complete.wait()
        except TimeoutError:
            return False
        finally:
            self.arrived = _nothing
        return True


class Receiving(asyncio.Protocol):
    """The receiver's end of a connection: what comes is counted and answered at once."""

    def __init__(self, sink: Sink, opened: "set[Receiving]") -> None:
        self._sink = sink
        self._opened = opened
        self._data = b""
        self._lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._opened.add(self)

    def data_received(self, data: bytes) -> None:
        if self._data:
            data = self._data + data
        complete = message(data)
        if complete is None:
            self._data = data
            return
        self._data = b""
        self.answer(*complete)

    def answer(self, head: bytes, body: bytes) -> None:
        """A request is complete."""
        self._transport.write(_OK)
        self._sink.take(head, body)

    async def close(self) -> None:
        self._transport.close()
        await self._lost.wait()

    def connection_lost(self, error: Exception | None) -> None:
        self._opened.discard(self)
        self._lost.set()


def signed(head: bytes, body: bytes, secret: str) -> bool:
    """Whether one of the signatures is right (Standard Webhooks 1.0, symmetric scheme `v1`)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b"%b.%b.%b" % (header(head, b"webhook-id"), header(head, b"webhook-timestamp"), body)
    expected = b"v1," + base64.b64encode(hmac.digest(key, content, "sha256"))
    given = header(head, b"webhook-signature").split()
    return any(hmac.compare_digest(expected, signature) for signature in given)
