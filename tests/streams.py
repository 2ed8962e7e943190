"""Servers that tests play: when one ends, nothing of it is left for a later test to stumble over."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from gateway.tasks import end

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_LARGEST = 8 * 1024 * 1024
_TURNS = 3
"""Of the event loop, after which a connection that was accepted at the last moment has its task."""


@asynccontextmanager
async def listening(serve: Serve, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of this machine where `serve` gets every connection; they are broken off at the end.

    A connection ends with whatever `serve` does not catch of its other side's leaving.
    """
    talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks[task] = writer
        try:
            with suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
                await serve(reader, writer)
        finally:
            del talks[task]
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port, ssl=tls, limit=_LARGEST)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        for writer in talks.values():
            writer.transport.abort()
        await end(tuple(talks))
