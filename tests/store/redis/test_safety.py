"""What the gateway asks of a Redis before it trusts it with events."""

from pathlib import Path

import pytest

from gateway.store.address import parse_redis
from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.safety import refusal
from tests.deliver.certificates import Authority
from tests.proxies import proxied
from tests.redis_servers import NEWEST, RedisServer, server, watched
from tests.store.redis.stage import connected, count

pytestmark = pytest.mark.anyio

SAFE = {"redis_version": "6.2.0", "role": "master", "aof_enabled": 1, "maxmemory_policy": "noeviction"}


async def refused(url: str) -> str:
    """What the refusal says."""
    with pytest.raises(StoreUnavailable) as error:
        async with connected(url):
            pass
    assert "hunter" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("options", "risk"),
    [({"appendonly": "no"}, "volatile"), ({"maxmemory_policy": "allkeys-lru"}, "evicting")],
)
async def test_a_redis_that_loses_events_is_refused_unless_that_is_wanted(
    tmp_path: Path, options: dict[str, str], risk: str
) -> None:
    with server(tmp_path, NEWEST, None, **options) as one:
        assert f"?unsafe={risk}" in await refused(one.url)
        async with connected(f"{one.url}?unsafe={risk}") as connection:
            assert await connection.run([count()]) == [1]


async def test_a_replica_is_refused(tmp_path: Path) -> None:
    with watched(tmp_path) as trio:
        assert "name its master" in await refused(trio.replica.url)


@pytest.mark.parametrize(
    ("version", "old"), [("6.0.16", True), ("5.0", True), ("6.2.0", False), ("10.0", False)]
)
def test_an_old_redis_is_refused(version: str, old: bool) -> None:
    said = refusal(SAFE | {"redis_version": version}, parse_redis("redis://one"))
    assert (said is not None and "6.2 or newer" in said) is old


async def test_the_kind_of_redis_must_be_named_rightly(
    redis_server: RedisServer, redis_cluster: list[RedisServer]
) -> None:
    assert "redis+cluster://" in await refused(redis_cluster[0].url)
    assert "it is no cluster" in await refused(f"redis+cluster://127.0.0.1:{redis_server.port}")
    assert "is no sentinel" in await refused(f"redis+sentinel://127.0.0.1:{redis_server.port}/gateway")


async def test_passwords_and_permissions_are_asked_for_by_name(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        one.client.execute_command("ACL SETUSER", "gateway", "on", ">hunter2", "~*", "+@all")
        one.client.execute_command("ACL SETUSER", "reader", "on", ">hunter2", "~*", "+info")
        one.client.execute_command("ACL SETUSER", "default", "resetpass", ">hunter3")
        place = f"127.0.0.1:{one.port}"
        async with connected(f"redis://gateway:hunter2@{place}") as connection:
            assert await connection.run([count()]) == [1]
        async with connected(f"redis://reader:hunter2@{place}") as connection:
            with pytest.raises(StoreUnavailable, match="may not do what the gateway needs"):
                await connection.run([count()])
        assert "refuses the user or the password" in await refused(f"redis://gateway:hunter9@{place}")
        assert "asks for a password" in await refused(f"redis://{place}")


async def test_tls_is_spoken_with_who_is_trusted_and_nobody_else(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    async with proxied(redis_server.port, authority.context("127.0.0.1")) as proxy:
        url = f"rediss://127.0.0.1:{proxy.port}"
        async with connected(f"{url}?ca={authority.bundle}") as connection:
            assert await connection.run([count()]) == [1]
        assert "certificate is not trusted" in await refused(url)
    async with proxied(redis_server.port, authority.context("other.example")) as proxy:
        url = f"rediss://127.0.0.1:{proxy.port}?ca={authority.bundle}"
        assert "certificate is not trusted" in await refused(url)
