"""Move everything from one store into another, empty one: run it again if it was interrupted.

From a SQLite file into Redis, back, or between two of a kind. Both stores are sealed with
GATEWAY_ENCRYPTION_KEY. Stop all gateways on them first; start them on the new store afterwards. The old
store stays as it is.
"""

import argparse
import asyncio
import sys

from gateway import setting_values, settings
from gateway.app import migration
from gateway.migration import Compared, NotTheSame, Work
from gateway.settings import BadSetting
from gateway.store.address import StoreAddress
from gateway.store.base import Conflict, StoreUnavailable
from gateway.store.transfer.contract import Kind

_BAR = 24


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway migrate` takes."""
    parser.add_argument("--from", dest="old", required=True, metavar="URL", help="sqlite:///… or redis://…")
    parser.add_argument("--to", dest="new", required=True, metavar="URL", help="the same, and empty")


def run(parsed: argparse.Namespace) -> int:
    """Move and compare; 1 if the new store is not complete."""
    old, new = _address("--from", parsed.old), _address("--to", parsed.new)
    if old == new:
        raise BadSetting("--from and --to name the same store")
    try:
        compared = asyncio.run(migration(settings.load().encryption_key, old, new, _report))
    except (StoreUnavailable, Conflict, NotTheSame) as error:
        print(f"\ngateway migrate: {error}.", file=sys.stderr)
        return 1
    sys.stderr.write("\n")
    _tell(compared)
    return 0


def _address(option: str, text: str) -> StoreAddress:
    try:
        return setting_values.store(text)
    except ValueError as error:
        raise BadSetting(f"{option} {error}.") from None


def _report(work: Work, kind: Kind, done: int, total: int) -> None:
    """One line that is written over: a bar for all of the work, and what it is at."""
    share = min(done / max(total, 1), 1)
    bar = "█" * round(share * _BAR)
    text = f"{work:<9} {bar:░<{_BAR}} {share:4.0%}  {done:,} of {total:,}  {kind}"
    sys.stderr.write(f"\r{text}".ljust(90))
    sys.stderr.flush()


def _tell(compared: Compared) -> None:
    for kind, count in compared.counts.items():
        print(f"{kind:<17}{count:>12,}")
    print("The new store holds all of this as the old one does.")
    print(f"SHA-256 of it: {compared.digest}")
