"""`gateway serve` with a clock that can be wrong: SIGUSR1 puts it an hour ahead, SIGUSR2 an hour back."""

import signal
import sys
from collections.abc import Callable
from typing import cast

import uvloop

from gateway import log, settings
from gateway.app import Role
from gateway.cli.serve import serve
from gateway.clock import system_clock

HOUR_MS = 3_600_000


class ShiftedClock:
    """The machine's clock and how wrong it is."""

    def __init__(self) -> None:
        self._offset_ms = 0

    def __call__(self) -> int:
        """Unix milliseconds, as this process believes."""
        return system_clock() + self._offset_ms

    def shift(self, by_ms: int) -> Callable[..., None]:
        """A signal handler that steps the clock."""

        def step(*_: object) -> None:
            self._offset_ms += by_ms

        return step


def main() -> int:
    """Serve with the role that the command line names."""
    clock = ShiftedClock()
    signal.signal(signal.SIGUSR1, clock.shift(HOUR_MS))
    signal.signal(signal.SIGUSR2, clock.shift(-HOUR_MS))
    config = settings.load()
    log.configure(config.log_level)
    return uvloop.run(serve(config, cast(Role, sys.argv[1]), clock))


if __name__ == "__main__":
    sys.exit(main())
