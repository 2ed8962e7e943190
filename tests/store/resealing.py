"""A process to be killed: seals a store anew, and stops in the midst of it.

python -m tests.store.resealing FILE
"""

import asyncio
import sys
from pathlib import Path

from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.store.opening import KEY
from tests.store.samples import NOW

NEW_KEY = b"n" * 32


class HaltingVault(Vault):
    """Says so after a few secrets, and goes on when it is told to."""

    _resealed = 0

    def resealed(self, sealed: bytes, context: str) -> bytes:
        """One more."""
        self._resealed += 1
        if self._resealed == 4:
            sys.stdout.write("halfway\n")
            sys.stdout.flush()
            sys.stdin.readline()
        return super().resealed(sealed, context)


async def run(path: Path) -> None:
    """Would seal everything anew if it lived."""
    store = SqliteStore(path, HaltingVault(NEW_KEY, KEY), lambda: NOW)
    await store.open()
    await store.reseal()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
