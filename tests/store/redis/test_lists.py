"""Lists of a database as older versions wrote it: their members said what `events` says as well."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.store.base import Store
from gateway.store.records import EventFilter, PageRequest
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, endpoint, message, queued, retaining

pytestmark = pytest.mark.anyio

SHARD = "{gateway:0}:"
KINDS = ("customer", "conversation")
FILTER = EventFilter(event="message.received")


@pytest.fixture
async def store(redis_server: RedisServer) -> AsyncIterator[Store]:
    """With three messages in one conversation."""
    store = store_at(redis_server.url, lambda: NOW)
    await store.open()
    await store.put_endpoint(endpoint())
    for number in range(3):
        await store.accept([message(f"m_{number}", at=NOW + number, routes=queued("ep_1"))])
    yield store
    await store.close()


def write_as_before(server: RedisServer) -> None:
    """Members of customers' and conversations' lists are those of `events`."""
    client: Any = server.client
    members = dict(client.zrange(f"{SHARD}events", 0, -1, withscores=True))
    for kind in KINDS:
        for name in client.keys(f"{SHARD}{kind}:*"):
            client.delete(name)
            client.zadd(name, members)


async def test_they_are_read_and_pruned_as_if_they_held_keys_alone(
    store: Store, redis_server: RedisServer
) -> None:
    now = await store.events("default", FILTER, PageRequest())
    write_as_before(redis_server)
    await store.accept([message("m_3", at=NOW + 3, routes=queued("ep_1"))])
    then = await store.events("default", FILTER, PageRequest())
    assert len(then.data) == 4 and then.data[1:] == now.data
    assert len((await store.log(endpoint(), "0", 10)).entries) == 5
    await store.prune(NOW + 10, retaining(0), 100)
    assert not [name for kind in KINDS for name in redis_server.client.keys(f"{SHARD}{kind}:*")]
