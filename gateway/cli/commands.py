"""The `gateway` command: one subcommand per module of this package."""

import argparse
import sys
from collections.abc import Sequence

from gateway.cli import (
    accounts,
    backup,
    bench,
    dev,
    doctor,
    erase,
    keys,
    listen,
    migrate,
    normalize,
    openapi,
    renormalise,
    replay,
    serve,
    simulate,
)
from gateway.settings import BadSetting

MISUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 for success, 1 for failure, 2 for bad use or bad input."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except BadSetting as error:
        print(f"gateway: {error}", file=sys.stderr)
        return MISUSED


def parser() -> argparse.ArgumentParser:
    """Reads the command line."""
    whole = argparse.ArgumentParser(prog="gateway", description="The social gateway.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for module in (
        *(serve, dev, listen, simulate, normalize, replay, renormalise, erase, accounts, doctor),
        *(backup, migrate, keys, openapi, bench),
    ):
        name = module.__name__.rpartition(".")[2]
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return whole
