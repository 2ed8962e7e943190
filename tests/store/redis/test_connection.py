"""One connection to Redis: what goes over it, and what it survives."""

import asyncio
from pathlib import Path

import pytest

from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.condition import figures
from gateway.store.redis.server.scripts import Call
from gateway.store.redis.server.trouble import RedisTrouble
from tests.proxies import proxied
from tests.redis_servers import SERVERS, RedisServer, server
from tests.store.opening import store_at
from tests.store.redis.stage import FILL, connected, count

pytestmark = pytest.mark.anyio


async def test_scripts_run_in_one_round_trip(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        assert sorted(await connection.run([count(), count(), count("{s}:m")])) == [1, 1, 2]


async def test_a_forgotten_script_is_given_to_redis_again(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        await connection.run([count()])
        redis_server.client.script_flush()
        assert await connection.run([count(), count()]) == [2, 3]


async def test_a_forgotten_script_is_given_to_a_cluster_again(redis_cluster: list[RedisServer]) -> None:
    async with connected(f"redis+cluster://127.0.0.1:{redis_cluster[0].port}") as connection:
        for tag in "abcdef":
            assert await connection.run([count(f"{{{tag}}}")] * 2) == [1, 2]
        for node in redis_cluster:
            node.client.script_flush()
        for tag in "abcdef":
            assert await connection.run([count(f"{{{tag}}}")] * 2) == [3, 4]


async def test_a_killed_connection_is_replaced(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        await connection.run([count()])
        redis_server.client.client_kill_filter(_type="normal", skipme=True)
        assert await connection.run([count()], repeatable=True) == [2]


async def test_a_cut_connection_is_told_and_not_done_again(redis_server: RedisServer) -> None:
    async with (
        proxied(redis_server.port) as proxy,
        connected(f"redis://127.0.0.1:{proxy.port}") as connection,
    ):
        proxy.replies.clear()
        running = asyncio.create_task(connection.run([count()]))
        await proxy.swallowed()
        proxy.cut()
        with pytest.raises(RedisTrouble) as trouble:
            await running
        assert not trouble.value.refused
    assert redis_server.client.get("{s}:n") == b"1"


async def test_what_may_be_done_twice_is_repeated_after_a_cut(redis_server: RedisServer) -> None:
    async with (
        proxied(redis_server.port) as proxy,
        connected(f"redis://127.0.0.1:{proxy.port}") as connection,
    ):
        proxy.replies.clear()
        running = asyncio.create_task(connection.run([count()], repeatable=True))
        await proxy.swallowed()
        proxy.cut()
        proxy.thaw()
        assert await running == [2]


async def test_a_silent_connection_is_given_up_and_replaced(redis_server: RedisServer) -> None:
    url = "redis://127.0.0.1:{}?timeout=0.2"
    async with proxied(redis_server.port) as proxy, connected(url.format(proxy.port)) as connection:
        proxy.freeze()
        with pytest.raises(StoreUnavailable, match="does not answer in time"):
            await connection.run([count()])
        proxy.cut()
        proxy.thaw()
        assert len(await connection.run([count()])) == 1


@pytest.mark.parametrize("binary", SERVERS.values(), ids=SERVERS)
async def test_a_full_redis_says_so_and_takes_writes_again(binary: Path, tmp_path: Path) -> None:
    with server(tmp_path, binary, maxmemory="6mb") as small:
        async with connected(small.url) as connection:
            with pytest.raises(RedisTrouble, match="raise its maxmemory") as trouble:
                for number in range(100):
                    await connection.run([Call(FILL, [f"{{s}}:{number}"], [100_000])])
            assert trouble.value.refused
            small.client.execute_command("FLUSHALL", "SYNC")
            assert await connection.run([count()]) == [1]


async def test_a_stopped_server_answers_in_time_with_a_refusal(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with connected(f"{one.url}?timeout=0.2") as connection:
            one.suspend()
            with pytest.raises(StoreUnavailable, match="does not answer in time"):
                await connection.run([count()])
            one.resume()
            assert len(await connection.run([count()])) == 1


async def test_a_silent_server_is_asked_once_and_not_again_and_again(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with connected(f"{one.url}?timeout=2.1") as connection:
            await connection.run([count()])
            one.suspend()
            with pytest.raises(StoreUnavailable, match="does not answer in time"):
                await connection.run([count()], repeatable=True)
            one.resume()
            assert await connection.run([count()]) == [3]


async def test_who_asks_a_silent_server_for_its_health_does_not_wait_for_its_timeout(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with connected(f"{one.url}?timeout=60") as connection, asyncio.timeout(30):
            one.suspend()
            with pytest.raises(StoreUnavailable, match="does not answer in time"):
                await connection.measure()
            one.resume()


async def test_a_killed_server_is_unavailable_until_it_is_back(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with connected(one.url) as connection:
            await connection.run([count()])
            one.kill()
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                await connection.run([count()], repeatable=True)
            with pytest.raises(StoreUnavailable, match="cannot be reached, or has closed the connection"):
                await connection.measure()
            one.start()
            assert await connection.run([count()]) == [2]


async def test_its_health_is_told_in_figures(redis_server: RedisServer) -> None:
    async with connected(redis_server.url) as connection:
        told = figures(*await connection.measure())
    assert told["aof_last_write_status"] == "ok"
    assert told["used_memory"] > 0
    assert told["role"] == "master"


async def test_looking_after_a_store_asks_redis_how_it_is_once(redis_server: RedisServer) -> None:
    store = store_at(redis_server.url)
    await store.open()
    redis_server.client.config_resetstat()
    assert (await store.health()).writable
    await store.close()
    assert redis_server.client.info("commandstats")["cmdstat_info"]["calls"] == 1


async def test_a_connection_shows_no_password(redis_server: RedisServer) -> None:
    async with connected(f"redis://default:hunter2@127.0.0.1:{redis_server.port}") as connection:
        assert "hunter2" not in repr(vars(connection))
