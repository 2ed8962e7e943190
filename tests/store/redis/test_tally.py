"""Usage is counted once, however many processes count it."""

import asyncio

import pytest

from gateway.store.base import Store
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, message, psid

pytestmark = pytest.mark.anyio


async def test_two_that_count_at_once_count_each_event_once(redis_server: RedisServer) -> None:
    stores = [store_at(redis_server.url, lambda: NOW) for _ in range(2)]
    for store in stores:
        await store.open()
    await stores[0].accept([message(f"m_{number}", psid(str(number % 7))) for number in range(60)])
    await asyncio.gather(*(_count(store) for store in stores))
    (one,) = await stores[0].usage.read(None, "2026-01")
    assert (one.messages_received, one.messages_sent, one.conversations) == (60, 0, 7)
    for store in stores:
        await store.close()


async def _count(store: Store) -> None:
    while await store.usage.tally(3):
        pass
