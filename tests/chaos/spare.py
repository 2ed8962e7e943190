"""A process that delivers and sends beside the one that a run is about, and is killed as well."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers import free_port, serving


class Spare:
    """One process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self._changes: dict[str, str] = {}

    @contextmanager
    def serving(self, changes: dict[str, str]) -> Iterator[None]:
        """There is one until the block ends."""
        self._changes = changes
        with self._running:
            self.replace()
            yield

    def replace(self) -> None:
        """Kill it; the next one does not wait for its work to be given back."""
        self.kill()
        self._running.enter_context(serving(self._folder, free_port(), "deliver", **self._changes))

    def kill(self) -> None:
        """SIGKILL."""
        self._running.close()
