"""An outcome whose answer got lost on the way: the store says what has become of it all the same."""

import asyncio

import pytest

from gateway.store.base import StoreUnavailable
from gateway.store.records import Outcome
from tests.proxies import Proxy, proxied
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.samples import NOW, claimed, endpoint, failed, message, succeeded

pytestmark = pytest.mark.anyio

ADDRESS = "redis://127.0.0.1:{}?timeout={}"


async def lose(proxy: Proxy) -> None:
    """Let the next question through, and lose its answer with the connection."""
    proxy.replies.clear()
    await proxy.swallowed()
    proxy.cut()
    proxy.replies.set()


@pytest.mark.parametrize("end", ["delivered", "failed", "yields"])
async def test_what_moved_is_said_to_have_moved_when_the_answer_was_cut_off(
    redis_server: RedisServer, end: str
) -> None:
    async with proxied(redis_server.port) as proxy:
        store = store_at(ADDRESS.format(proxy.port, 5), lambda: NOW)
        await store.open()
        await store.put_endpoint(endpoint())
        (admission,) = await store.accept([message(routes=claimed("ep_1"))])
        (job,) = admission.jobs
        outcome: Outcome = succeeded(job)
        if end != "delivered":
            outcome = failed(job, NOW + 5_000, yields=end == "yields")
        (settled,), _ = await asyncio.gather(store.finish([outcome]), lose(proxy))
        (again,) = await store.finish([outcome])
        attempts = await store.attempts(None, job.delivery_id)
        await store.close()
    assert (settled.moved, again.moved, len(attempts or ())) == (True, False, 1)


async def test_who_was_told_nothing_at_all_asks_again_and_hears_the_truth(redis_server: RedisServer) -> None:
    async with proxied(redis_server.port) as proxy:
        store = store_at(ADDRESS.format(proxy.port, 0.1), lambda: NOW)
        await store.open()
        await store.put_endpoint(endpoint())
        (admission,) = await store.accept([message(routes=claimed("ep_1"))])
        outcome = succeeded(admission.jobs[0])
        proxy.replies.clear()
        with pytest.raises(StoreUnavailable):
            await store.finish([outcome])
        proxy.cut()
        proxy.replies.set()
        (settled,) = await store.finish([outcome])
        (again,) = await store.finish([outcome])
        await store.close()
    assert (settled.moved, again.moved) == (True, False)
