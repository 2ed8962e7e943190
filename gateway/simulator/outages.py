"""Requests that are not answered: the connection breaks, or nothing ever comes."""

import asyncio
import contextlib
import socket
import struct

from starlette.requests import Request

CONNECTION = "simulator.connection"
"""Where the server puts the transport into the ASGI scope."""
_LINGER_NOT = struct.pack("ii", 1, 0)


def break_connection(request: Request) -> None:
    """End the connection with a reset, not with a goodbye."""
    transport: asyncio.Transport = request.scope["extensions"][CONNECTION]
    connection = transport.get_extra_info("socket")
    # A duplicate shares its options with the original, which uvloop does not let out of its hands.
    with socket.fromfd(connection.fileno(), connection.family, connection.type) as duplicate:
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()


async def never(request: Request, closing: asyncio.Event) -> None:
    """Wait until the client has given up, or the server ends."""
    waits = [asyncio.ensure_future(_gone(request)), asyncio.ensure_future(closing.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await wait


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
