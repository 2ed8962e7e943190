"""Run the gateway: receive webhooks, deliver events, answer the API."""

import argparse
import sys

import uvloop

from gateway import log, settings
from gateway.app import Gateway, Role
from gateway.cli.descriptors import allow_descriptors
from gateway.cli.server import PortTaken, listen, on_stop, server, url_of
from gateway.clock import Clock, system_clock
from gateway.settings import BadSetting, Settings
from gateway.store.address import SqliteAddress
from gateway.store.base import StoreUnavailable


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
    if parsed.role != "all" and isinstance(config.store, SqliteAddress):
        raise BadSetting(
            f"--role {parsed.role} needs a store that several processes share, and GATEWAY_STORE is a "
            "SQLite file, which one process owns. Run one `gateway serve` without --role, or name a Redis"
        )
    log.configure(config.log_level)
    allow_descriptors()
    return uvloop.run(serve(config, parsed.role))


async def serve(config: Settings, role: Role, clock: Clock = system_clock) -> int:
    """One process of the gateway, from its start to its end; what the command returns."""
    gateway = Gateway(config, role, clock)
    try:
        listener = listen(config.host, config.port)
        await gateway.start()
    except (PortTaken, StoreUnavailable) as error:
        print(f"gateway: {error}.", file=sys.stderr)
        return 1
    http = server(gateway, gateway.hang_up)

    def stop() -> None:
        http.should_exit = True

    on_stop(stop)
    print(f"The gateway listens on {url_of(listener)}.", file=sys.stderr, flush=True)
    try:
        await http.serve(sockets=[listener])
    finally:
        await gateway.stop()
    return 0
