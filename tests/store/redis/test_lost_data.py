"""A Redis that comes back empty, or without a part of what it held, is noticed before the next write."""

from pathlib import Path

import pytest

from gateway.store.base import StoreLost, StoreUnavailable
from gateway.store.records import Customer
from tests.gateways import messenger_text, running, signed
from tests.redis_servers import RedisServer
from tests.store.lived_in import opened
from tests.store.samples import NOW, endpoint, message, queued

pytestmark = pytest.mark.anyio


async def test_nothing_is_written_into_a_redis_that_was_emptied(redis_server: RedisServer) -> None:
    async with opened(redis_server.url) as store:
        await store.put_endpoint(endpoint())
        redis_server.client.flushall()
        with pytest.raises(StoreLost, match="restore"):
            await store.accept([message()])
        with pytest.raises(StoreLost):
            await store.put_customer(Customer(id="cus_2", name="Two", created_at=NOW))
        with pytest.raises(StoreLost):
            await store.configuration()
        health = await store.health()
        assert (health.writable, health.reason) == (False, "the store has lost its data")
        assert not redis_server.client.keys("*:event:*")


async def test_a_process_that_starts_begins_anew_and_the_others_keep_away(redis_server: RedisServer) -> None:
    async with opened(redis_server.url) as before:
        redis_server.client.flushall()
        async with opened(redis_server.url) as after:
            (stored,) = await after.accept([message()])
            assert stored.state == "stored"
            with pytest.raises(StoreLost):
                await before.accept([message("m_2")])


async def test_what_comes_back_from_a_backup_is_gone_on_with(redis_server: RedisServer) -> None:
    client = redis_server.client
    async with opened(redis_server.url) as store:
        await store.put_endpoint(endpoint())
        backup = {key: client.dump(key) or b"" for key in client.scan_iter()}
        client.flushall()
        for key, value in backup.items():
            client.restore(key, 0, value)
        (stored,) = await store.accept([message(routes=queued("ep_1"))])
        assert stored.waiting == ("ep_1",)


async def test_a_shard_that_was_emptied_takes_nothing_until_a_start_has_told_it_the_endpoints(
    redis_server: RedisServer,
) -> None:
    client = redis_server.client
    url = f"{redis_server.url}?shards=4"
    async with opened(url) as store:
        await store.put_endpoint(endpoint())
        client.delete(*client.keys("{gateway:[0-3]}*"))
        with pytest.raises(StoreLost):
            await store.accept([message()])
    async with opened(url) as store:
        (stored,) = await store.accept([message(routes=queued("ep_1"))])
        assert stored.waiting == ("ep_1",)


async def test_shards_without_what_belongs_to_none_of_them_are_refused(redis_server: RedisServer) -> None:
    async with opened(redis_server.url):
        redis_server.client.delete(*redis_server.client.keys("{gateway}:*"))
    with pytest.raises(StoreUnavailable, match="a part of what the gateway kept"):
        async with opened(redis_server.url):
            pass


async def test_a_gateway_on_an_emptied_redis_answers_503_and_says_so(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with running(tmp_path, store=redis_server.url) as (gateway, http):
        made = (await http.post("/v1/endpoints", json={"url": "http://127.0.0.1:9/"})).json()["id"]
        redis_server.client.flushall()
        body = messenger_text("m_1")
        answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
        ready = await http.get("/readyz")
        with pytest.raises(StoreLost):
            await gateway.directory.reload()
        assert made in gateway.directory.endpoints
    assert (answer.status_code, ready.status_code) == (503, 503)
    assert ready.json()["reason"] == "the store has lost its data"
