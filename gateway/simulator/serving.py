"""A simulated Meta behind real HTTP, for as long as a block lasts."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.simulator.application import application
from gateway.simulator.meta import Meta
from gateway.simulator.outages import CONNECTION

LOCAL = "127.0.0.1"
KEEP_ALIVE_SECONDS = 75
"""Longer than a client keeps an idle connection: one that is closed under its hands can swallow a request."""
DRAIN_SECONDS = 5
"""How long requests that have begun may take to finish at the end."""


class _Protocol(HttpToolsProtocol):
    """Lets the application break the connection that a request came over."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.transport}  # type: ignore[dict-item]


class _Server(uvicorn.Server):
    """uvicorn without signal handling, which is the business of whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@asynccontextmanager
async def serving(meta: Meta, listener: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve on a free port of this machine, or on a socket that listens; the address it can be reached at."""
    listener = listener or socket.create_server((LOCAL, 0), backlog=512)
    host, port = listener.getsockname()[:2]
    meta.base_url = f"http://{host}:{port}"
    closing = asyncio.Event()
    server = _Server(
        uvicorn.Config(
            application(meta, closing),
            http=_Protocol,
            lifespan="off",
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            log_level="warning",
        )
    )
    posting = asyncio.create_task(meta.notifier.run())
    answering = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield meta.base_url
    finally:
        closing.set()
        server.should_exit = True
        await answering
        posting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await posting
        await meta.notifier.close()
