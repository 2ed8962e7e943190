"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.redis_servers import RedisServer, cluster, server

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


@pytest.fixture(scope="session")
def lasting_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for all tests; take `redis_server` instead, which is empty."""
    with server(tmp_path_factory.mktemp("redis")) as lasting:
        yield lasting


@pytest.fixture
def redis_server(lasting_redis: RedisServer) -> RedisServer:
    """A running, empty Redis. A test that kills or reconfigures its server makes one of its own."""
    lasting_redis.client.flushall()
    return lasting_redis


@pytest.fixture(scope="session")
def lasting_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RedisServer]]:
    """One cluster for all tests; take `redis_cluster` instead, which is empty."""
    with cluster(tmp_path_factory.mktemp("cluster")) as lasting:
        yield lasting


@pytest.fixture
def redis_cluster(lasting_cluster: list[RedisServer]) -> list[RedisServer]:
    """A running, empty cluster of three masters."""
    for node in lasting_cluster:
        node.client.flushall()
    return lasting_cluster
