"""Receivers that misbehave, on loopback sockets, and the transport that has to live with them."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network
from typing import Any

from gateway.deliver.exchange import Exchange, Request
from gateway.deliver.proxy import Proxy
from gateway.deliver.resolver import Resolver
from gateway.deliver.transport import Transport

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"

Answer = Callable[["Connection"], Awaitable[None]]


class Connection:
    """The receiver's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> bytes:
        """One request, head and body. Raises IncompleteReadError when the sender has gone."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return head + await self._reader.readexactly(int(length))

    async def write(self, data: bytes) -> None:
        """Send bytes. Raises ConnectionError when the sender has hung up."""
        self._writer.write(data)
        await self._writer.drain()

    async def gone(self) -> None:
        """Return when the sender has closed the connection."""
        with suppress(ConnectionError):
            await self._reader.read()

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        raw: Any = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


async def hang() -> None:
    """Do nothing until the test is over."""
    await asyncio.Event().wait()


async def tick() -> None:
    """A slow receiver's pace: an event that does not come, for 20 ms."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.02):
            await hang()


def always(response: bytes) -> Answer:
    """Give every request on a connection the same response."""

    async def answer(connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.write(response)

    return answer


class Recorder:
    """Answers well and keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0

    async def __call__(self, connection: Connection) -> None:
        self.connections += 1
        while True:
            self.requests.append(await connection.request())
            await connection.write(OK)


@asynccontextmanager
async def serving(
    answer: Answer, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """A receiver's URL; every connection to it is handed to `answer` and closed afterwards."""
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await answer(Connection(reader, writer))
        finally:
            connections.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, host, port, ssl=tls, limit=4 * 1024 * 1024)
    scheme = "https" if tls else "http"
    place = f"[{host}]" if ":" in host else host
    try:
        yield f"{scheme}://{place}:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        server.close()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


@asynccontextmanager
async def sending(
    resolver: Resolver | None = None, certificates: str | None = None, proxy: Proxy | None = None
) -> AsyncIterator[Transport]:
    """A transport that may send to this machine."""
    transport = Transport(LOOPBACK, resolver=resolver, certificates=certificates, proxy=proxy)
    await transport.start()
    try:
        yield transport
    finally:
        await transport.close()


async def exchange(
    transport: Transport,
    url: str,
    *,
    body: bytes = b"{}",
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),),
    timeout_ms: int = 5_000,
) -> Exchange:
    """What comes of one request."""
    over: asyncio.Future[Exchange] = asyncio.get_running_loop().create_future()
    transport.send(Request(url=url, headers=headers, body=body, timeout_ms=timeout_ms), over.set_result)
    return await over


def names(known: dict[str, list[str]]) -> Resolver:
    """A resolver that knows these names and no others."""

    def lookup(host: str) -> tuple[str, ...]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return tuple(known[host])

    return Resolver(lookup)
