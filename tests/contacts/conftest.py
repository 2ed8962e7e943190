"""The stores under whole gateways that get to know people."""

from pathlib import Path

import pytest

from tests.redis_servers import RedisServer


@pytest.fixture(params=["sqlite", "redis"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a gateway has its store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gateway.db"
    server: RedisServer = request.getfixturevalue("redis_server")
    return f"{server.url}?shards=4"
