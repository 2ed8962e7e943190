"""Copy a SQLite store into one file, while the gateway serves or while it is stopped."""

import argparse
import sys
from pathlib import Path

from gateway import settings
from gateway.app import back_up
from gateway.settings import BadSetting
from gateway.store.address import SqliteAddress
from gateway.store.base import StoreUnavailable


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `gateway backup` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where the copy goes; it must not exist yet")


def run(parsed: argparse.Namespace) -> int:
    """Copy and check; 1 if there is no whole copy."""
    store = settings.load().store
    if not isinstance(store, SqliteAddress):
        raise BadSetting(
            "GATEWAY_STORE is not a SQLite file. Redis makes its own backups: docs/operations.md says how"
        )
    try:
        back_up(store, parsed.file)
    except StoreUnavailable as error:
        print(f"gateway backup: {error}.", file=sys.stderr)
        return 1
    print(f"{parsed.file}: {parsed.file.stat().st_size:,} bytes.")
    return 0
