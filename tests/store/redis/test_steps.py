"""Steps of a re-normalisation where a process dies between the shards and the run."""

from collections.abc import AsyncIterator

import pytest

from gateway.store.base import Store
from tests.redis_servers import RedisServer
from tests.store.opening import store_at
from tests.store.renormalisations import LATER, RUN, Parser, as_another, asked, read, unread, worker
from tests.store.samples import NOW, body_of, endpoint, message

pytestmark = pytest.mark.anyio

RUNS = "{gateway}:renormalisations"


@pytest.fixture
async def store(redis_server: RedisServer) -> AsyncIterator[Store]:
    store = store_at(f"{redis_server.url}?shards=4", lambda: NOW)
    await store.open()
    await store.put_endpoint(endpoint())
    yield store
    await store.close()


def forget_the_move(redis_server: RedisServer, record: bytes) -> None:
    """The run is where it was before its step, as if the process had died then."""
    redis_server.client.hset(RUNS, RUN, record)
    redis_server.client.zadd(f"{RUNS}_due", {f"{1:016} {RUN}": LATER})
    redis_server.client.zrem(f"{RUNS}_finished", RUN)


async def test_a_step_that_is_begun_again_changes_and_counts_nothing_twice(
    store: Store, redis_server: RedisServer
) -> None:
    parser, old, odd = Parser(), message("m_1"), unread("odd")
    parser.reads(old, read(old, "m_1", "mended"))
    parser.reads(odd, as_another(odd, "m_2"))
    parser.reads(message("m_2"), as_another(odd, "m_2"))
    admission, _ = await store.accept([old, odd])
    await store.begin_renormalisation(asked())
    record = redis_server.client.hget(RUNS, RUN)
    assert isinstance(record, bytes)
    for _ in range(2):
        forget_the_move(redis_server, record)
        await (await worker(store, parser)).advance()
    found, run = await store.event(None, admission.event_id), await store.renormalisation(None, RUN)
    assert found is not None and body_of(found)["revision"] == 2
    assert run is not None and (run.revised, run.added) == (1, 1)
