"""A thousand receivers on a port each, so that none shares a connection; the last ones misbehave."""

import asyncio
import resource
from contextlib import suppress
from functools import partial

from bench.sink import Receiving, Sink

_FAILURE = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"
_DRIP_HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n"
_DRIP_S = 0.1


class Hanging(Receiving):
    """Takes the request and never answers."""

    def answer(self, head: bytes, body: bytes) -> None:
        """Do nothing."""


class Failing(Receiving):
    """Answers 500 to everything."""

    def answer(self, head: bytes, body: bytes) -> None:
        """Refuse."""
        self._transport.write(_FAILURE)


class Dripping(Receiving):
    """Answers 200, and then byte after byte without end."""

    def answer(self, head: bytes, body: bytes) -> None:
        """Begin."""
        self._transport.write(_DRIP_HEAD)
        self._drip()

    def _drip(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b".")
            asyncio.get_running_loop().call_later(_DRIP_S, self._drip)


MISBEHAVIOURS = (Hanging, Failing, Dripping)


class Crowd(Sink):
    """One sink for all receivers; only those that behave count what arrives."""

    def __init__(self, behaving: int, of_each_misbehaviour: int) -> None:
        super().__init__()
        self.behaving = behaving
        self.ports: list[int] = []
        self._kinds = [Receiving] * behaving + [
            kind for kind in MISBEHAVIOURS for _ in range(of_each_misbehaviour)
        ]
        self._servers: list[asyncio.Server] = []

    async def open(self) -> None:
        """Listen on a free port for each."""
        _allow_descriptors()
        loop = asyncio.get_running_loop()
        for kind in self._kinds:
            server = await loop.create_server(partial(kind, self, self._open), "127.0.0.1", 0)
            self._servers.append(server)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def let_go(self) -> None:
        """Break off what hangs and drips."""
        bad = [connection for connection in self._open if isinstance(connection, MISBEHAVIOURS)]
        await asyncio.gather(*(connection.close() for connection in bad))

    async def close(self) -> None:
        """Refuse connections from now on and drop the open ones."""
        for server in self._servers:
            server.close()
        await asyncio.gather(*(connection.close() for connection in list(self._open)))
        for server in self._servers:
            await server.wait_closed()


def _allow_descriptors() -> None:
    """A listener and a connection for each receiver are more than the usual limit of 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
