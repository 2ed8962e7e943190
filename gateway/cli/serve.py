"""Run the gateway: receive webhooks, deliver events, answer the API."""

import argparse
import socket
import sys

import uvicorn
import uvloop

from gateway import log, settings
from gateway.app import Gateway
from gateway.settings import BadSetting, Settings
from gateway.store.base import StoreUnavailable

DRAIN_SECONDS = 20
"""How long requests that have begun may take to finish after SIGTERM."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway serve` takes."""
    parser.add_argument(
        "--role",
        choices=("all", "ingest", "deliver"),
        default="all",
        help="what this process does; a SQLite file allows `all` only",
    )


def run(parsed: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    config = settings.load()
    if parsed.role != "all":
        raise BadSetting(
            f"--role {parsed.role} needs a store that several processes share, and GATEWAY_STORE is a "
            "SQLite file, which one process owns. Run one `gateway serve` without --role"
        )
    log.configure(config.log_level)
    return uvloop.run(_serve(config))


async def _serve(config: Settings) -> int:
    gateway = Gateway(config)
    try:
        await gateway.start()
    except StoreUnavailable as error:
        print(f"gateway: {error}", file=sys.stderr)
        return 1
    try:
        server = server_of(gateway, config.host, config.port)
        await server.serve()
        return 0 if server.started else 1
    finally:
        await gateway.stop()


class Server(uvicorn.Server):
    """A server that asks the gateway to end what would not end by itself, before it waits for it."""

    def __init__(self, gateway: Gateway, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._gateway = gateway

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; requests that have begun may finish."""
        self._gateway.hang_up()
        await super().shutdown(sockets)


def server_of(gateway: Gateway, host: str, port: int) -> Server:
    """The HTTP server, set up for the hot path: no access log, no proxy headers, uvloop and httptools."""
    return Server(
        gateway,
        uvicorn.Config(
            gateway,
            host=host,
            port=port,
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
    )
