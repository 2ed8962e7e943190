"""Move everything from a SQLite file into Redis: run it again if it was interrupted.

Both stores are sealed with GATEWAY_ENCRYPTION_KEY. Stop the gateway first; start it on the new store
afterwards. The file stays as it is.
"""

import argparse
import asyncio
import sys

from gateway import setting_values, settings
from gateway.app import migration
from gateway.migration import NotTheSame
from gateway.settings import BadSetting
from gateway.store.address import RedisAddress, SqliteAddress, StoreAddress
from gateway.store.base import Conflict, StoreUnavailable
from gateway.store.transfer import Kind


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway migrate` takes."""
    parser.add_argument("--from", dest="old", required=True, metavar="URL", help="sqlite:///…")
    parser.add_argument("--to", dest="new", required=True, metavar="URL", help="redis://… and its like")


def run(parsed: argparse.Namespace) -> int:
    """Move and compare; 1 if the new store is not complete."""
    old, new = _address("--from", parsed.old), _address("--to", parsed.new)
    if not isinstance(old, SqliteAddress) or not isinstance(new, RedisAddress):
        raise BadSetting("a move goes from a SQLite file into Redis, and not in another direction")
    try:
        moved, digest = asyncio.run(migration(settings.load().encryption_key, old, new, _report))
    except (StoreUnavailable, Conflict, NotTheSame) as error:
        print(f"\ngateway migrate: {error}.", file=sys.stderr)
        return 1
    print(f"{moved:,} events are in the new store as in the old one, with all their deliveries.")
    print(f"SHA-256 of their ids and bodies: {digest}")
    return 0


def _address(option: str, text: str) -> StoreAddress:
    try:
        return setting_values.store(text)
    except ValueError as error:
        raise BadSetting(f"{option} {error}.") from None


def _report(kind: Kind | None, done: int) -> None:
    """One line that is written over, one for each kind."""
    sys.stderr.write(f"\r{kind or 'compared'}: {done:,}".ljust(40))
    sys.stderr.flush()
