"""The client side of one keep-alive connection, with at most one request on it."""

import asyncio
from collections.abc import Callable
from typing import cast

from bench.traffic import Request
from bench.wire import message


class Connection(asyncio.Protocol):
    """Tells `answered` the first bytes of each answer, none if it broke."""

    def __init__(self, answered: "Callable[[Connection, int, bytes], None]") -> None:
        self._tell = answered
        self._number: int | None = None
        self._data = b""
        self._lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: Request) -> None:
        self._number = request.number
        self._transport.write(request.wire)

    async def close(self) -> None:
        self._transport.close()
        await self._lost.wait()

    def data_received(self, data: bytes) -> None:
        if self._data:
            data = self._data + data
        if message(data) is None:
            self._data = data
        else:
            self._data = b""
            self._answer(data[:16])

    def connection_lost(self, error: Exception | None) -> None:
        self._lost.set()
        self._answer(b"")

    def _answer(self, status_line: bytes) -> None:
        number, self._number = self._number, None
        if number is not None:
            self._tell(self, number, status_line)
