"""A way between a client and a server that tests can break: cut, silent in a direction, or under TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gateway.tasks import end
from tests.patience import SOON

_CHUNK = 65_536


class Proxy:
    """Passes bytes on. What comes while a direction is closed waits until it is opened, or the way is cut."""

    def __init__(self, port: int) -> None:
        self.port = 0
        """Where it listens."""
        self._target = port
        self.requests = asyncio.Event()
        """Set: what the client sends is passed on."""
        self.replies = asyncio.Event()
        """Set: what the server sends is passed on."""
        self._swallowed = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.requests.set()
        self.replies.set()

    def freeze(self) -> None:
        """Be silent, and break no connection: the cable is out."""
        self.requests.clear()
        self.replies.clear()

    def thaw(self) -> None:
        """Pass on what waits, and what comes."""
        self.requests.set()
        self.replies.set()

    def cut(self) -> None:
        """Break all connections, and lose what waits on them."""
        for writer in self._writers:
            writer.transport.abort()

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin with one connection."""
        serving = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def swallowed(self) -> None:
        """Return when something has come that a closed direction holds back. Raises TimeoutError."""
        async with asyncio.timeout(SOON):
            await self._swallowed.wait()

    async def close(self) -> None:
        """Cut, and return when nothing is left: connections that are being made would outlive a cut."""
        self.cut()
        await end(tuple(self._serving))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = {writer}
        try:
            with suppress(OSError):
                answers, questions = await asyncio.open_connection("127.0.0.1", self._target)
                mine.add(questions)
                self._writers |= mine
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pass(reader, questions, self.requests))
                    both.create_task(self._pass(answers, writer, self.replies))
        finally:
            self._writers -= mine
            for one in mine:
                one.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opened: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while content := await reader.read(_CHUNK):
                if not opened.is_set():
                    self._swallowed.set()
                    await opened.wait()
                writer.write(content)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def proxied(port: int, context: ssl.SSLContext | None = None) -> AsyncIterator[Proxy]:
    """A proxy before that port of this machine; with a context, its clients speak TLS with it."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=context)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
