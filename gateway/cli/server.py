"""The HTTP server, as the commands run it: their signals, their sockets, uvicorn's protocol."""

import asyncio
import contextlib
import faulthandler
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

DRAIN_SECONDS = 20
"""How long requests that have begun may take to finish after a signal."""
STOP_SECONDS = 60.0
"""How long the whole process may take; what supervisors are told to wait."""
BACKLOG = 2_048


class PortTaken(Exception):
    """Somebody else listens there; the text says what to do."""


class Server(uvicorn.Server):
    """uvicorn without its signal handling, which ends the process before deliveries have landed."""

    def __init__(self, config: uvicorn.Config, hang_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._hang_up = hang_up

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: `on_stop` handles them."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and let requests finish; those that would not finish by themselves are told to."""
        self._hang_up()
        await super().shutdown(sockets)


def server(application: Any, hang_up: Callable[[], None] = lambda: None) -> Server:
    """For an ASGI application: uvloop and httptools, no access log, no headers that nobody reads."""
    return Server(
        uvicorn.Config(
            application,
            http="httptools",
            loop="uvloop",
            lifespan="off",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            log_level="warning",
            timeout_graceful_shutdown=DRAIN_SECONDS,
        ),
        hang_up,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at the address. Raises PortTaken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Only where the protocol is named does the event loop turn Nagle's algorithm off, and with it
        # on an answer may take 40 ms.
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise PortTaken(
            f"cannot listen on {host} port {port}: {error.strerror}. Stop what listens there, or choose "
            "another GATEWAY_HOST or GATEWAY_PORT (0 takes any free one)"
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Where the socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def on_stop(stop: Callable[[], object]) -> None:
    """Call `stop` when the process is asked to end, by Ctrl-C or by a supervisor; it does end then."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        leave_within(STOP_SECONDS)
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)


def leave_within(seconds: float) -> None:
    """End the process then, if it still runs, and say where it stood; what it leaves is as after a crash."""
    timer = threading.Timer(seconds, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    print("gateway: does not come to its end and is broken off here:", file=sys.stderr, flush=True)
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)
