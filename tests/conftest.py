"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is decides no test.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def anyio_backend() -> str:
    """The gateway runs on asyncio only."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpus of other projects' envelopes, which lies beside the repository and is not part of it."""
    path = REPOSITORY.parent / "shared"
    if not path.is_dir():
        pytest.skip("../shared (a corpus of recorded envelopes) is not on this machine")
    return path
