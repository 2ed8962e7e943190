"""The Redis user of docs/operations.md may do all that the gateway does, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from gateway.migration import Migration
from gateway.store.address import parse_redis
from gateway.store.redis import RedisStore
from gateway.store.redis.central.neighbours import RedisNeighbours
from gateway.vault import Vault
from tests.conftest import REPOSITORY
from tests.redis_servers import SERVERS, RedisServer, server
from tests.store.erasures import by, erase
from tests.store.lived_in import live_in, opened
from tests.store.opening import KEY
from tests.store.redis.test_neighbours import process, until
from tests.store.samples import DAY, NOW, PAGE, message, retaining

pytestmark = pytest.mark.anyio

ERASING = ("+bgrewriteaof", "+bgsave", "+config|get")
CLUSTER = ("+cluster|slots", "+cluster|shards")


def rules() -> list[str]:
    """What the documentation gives the user."""
    text = (REPOSITORY / "docs" / "operations.md").read_text()
    found = re.search(r"^ACL SETUSER gateway (.*)$", text, re.MULTILINE)
    assert found is not None and all(rule in text for rule in (*ERASING, *CLUSTER))
    return found[1].split()


def users_url(one: RedisServer, *more: str, scheme: str = "redis") -> str:
    """Make the user, and forget what was refused before; the address as that user."""
    one.client.execute_command("ACL", "SETUSER", "gateway", "reset", *rules(), *more)
    one.client.execute_command("ACL", "LOG", "RESET")
    return f"{scheme}://gateway:PASSWORD@127.0.0.1:{one.port}"


def refused(one: RedisServer) -> set[bytes]:
    """What the user was not allowed to do.

    But for the name that redis-py introduces itself with, which Redis 6.2 does not know.
    """
    entries = one.client.execute_command("ACL", "LOG")
    return {dict(zip(entry[::2], entry[1::2], strict=True))[b"object"] for entry in entries} - {b"client"}


@pytest.fixture(params=SERVERS.values(), ids=list(SERVERS))
def one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of each kind."""
    with server(tmp_path / "redis", request.param) as running:
        yield running


async def test_the_documented_user_may_do_everything_that_the_gateway_does(one: RedisServer) -> None:
    url = users_url(one, *ERASING)
    async with opened(f"{url}?shards=4") as store:
        await live_in(store)
        await erase(store, by("psid", "2001", PAGE), 3)
        await store.usage.tally(1_000)
        assert (await store.health()).writable
        while await store.prune(NOW + 60 * DAY, retaining(), 1_000):
            pass
    async with process(url) as first, process(url, delivers=False) as second:
        second.neighbours.due("ep_1")
        async with second.neighbours.changing():
            pass
        await until(lambda: first.neighbours.dispatchers() == 1 and "ep_1" in first.heard)
    assert not refused(one)


async def test_the_documented_user_may_move_a_database(one: RedisServer) -> None:
    url = users_url(one, *ERASING)
    async with opened(url) as store:
        await live_in(store)
    stores = [RedisStore(parse_redis(f"{url}/{number}"), Vault(KEY)) for number in (0, 1)]
    for each in stores:
        await each.open()
    old, new = stores
    move = Migration(old.leaving(), new.restoring(), new.leaving(), lambda *_: None)
    await move.move()
    assert (await move.compare()).counts
    for each in stores:
        await each.close()
    assert not refused(one)


async def test_the_documented_user_serves_on_a_cluster(redis_cluster: list[RedisServer]) -> None:
    urls = [users_url(node, *CLUSTER, *ERASING, scheme="redis+cluster") for node in redis_cluster]
    async with opened(urls[0]) as store:
        assert [stored.state for stored in await store.accept([message()])] == ["stored"]
        assert (await store.health()).writable
    neighbours = RedisNeighbours(parse_redis(urls[0]), delivers=True)
    async with neighbours.changing():
        pass
    await neighbours.stop()
    assert not any(refused(node) for node in redis_cluster)


async def test_the_documented_user_reaches_nothing_else(one: RedisServer) -> None:
    users_url(one)
    with redis.Redis(port=one.port, protocol=2, username="gateway", password="PASSWORD") as user:
        for command in (["SET", "theirs", "1"], ["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "SET", "save", ""]):
            with pytest.raises(redis.exceptions.NoPermissionError):
                user.execute_command(*command)
