"""The raw relay: takes a webhook, answers 200 and posts the bytes on. Nothing verified, nothing stored.

The ceiling of what Python can move: whatever the gateway adds is measured against this.
    python -m bench.relay PORT SINK_PORT
"""

import asyncio
import sys
from collections import deque
from itertools import count
from typing import cast

import httptools
import uvloop

_OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
_OUTGOING = 64
"""Keep-alive connections to the sink, each with one request at a time."""


class Forwarder:
    """Posts bodies to the sink over a fixed set of connections; what finds none free waits in line."""

    def __init__(self) -> None:
        self._ids = count()
        self._free: list[_Outgoing] = []
        self._waiting: deque[bytes] = deque()

    async def open(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(_OUTGOING):
            _, outgoing = await loop.create_connection(lambda: _Outgoing(self), "127.0.0.1", port)
            self._free.append(outgoing)

    def post(self, body: bytes) -> None:
        request = (
            b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            b"webhook-id: relay_%d\r\ncontent-length: %d\r\n\r\n%b"
        ) % (next(self._ids), len(body), body)
        if self._free:
            self._free.pop().send(request)
        else:
            self._waiting.append(request)

    def answered(self, outgoing: "_Outgoing") -> None:
        if self._waiting:
            outgoing.send(self._waiting.popleft())
        else:
            self._free.append(outgoing)


class _Outgoing(asyncio.Protocol):
    def __init__(self, forwarder: Forwarder) -> None:
        self._forwarder = forwarder
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.send = cast(asyncio.Transport, transport).write

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._forwarder.answered(self)


class Front(asyncio.Protocol):
    """One incoming connection."""

    def __init__(self, forwarder: Forwarder) -> None:
        self._forwarder = forwarder
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, b""
        self._transport.write(_OK)
        self._forwarder.post(body)


async def serve(port: int, sink_port: int) -> None:
    """Relay until the process ends."""
    forwarder = Forwarder()
    await forwarder.open(sink_port)
    server = await asyncio.get_running_loop().create_server(
        lambda: Front(forwarder), "127.0.0.1", port, backlog=1024
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2])))
