"""How many files and sockets the process may have open."""

import resource
from contextlib import suppress


def allow_descriptors() -> None:
    """As many as the system lets this process have without being asked.

    The usual soft limit of 1,024 is for programs that call select(2). A thousand receivers with a connection
    kept open to each are more than that.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS says "unlimited" and means less.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
