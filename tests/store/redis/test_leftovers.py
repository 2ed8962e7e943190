"""Runs that are long over and endpoints that are deleted leave nothing behind in any shard."""

import pytest

from tests.redis_servers import RedisServer
from tests.store.lived_in import opened
from tests.store.renormalisations import Parser, read, renormalise
from tests.store.replays import LATER, asked, run
from tests.store.samples import DAY, endpoint, message, queued, retaining

pytestmark = pytest.mark.anyio

NAMED_BY_ENDPOINT = ("endpoints", "acknowledged", "counts", "due")


async def test_what_the_shards_remember_of_a_run_goes_with_its_record(redis_server: RedisServer) -> None:
    async with opened(f"{redis_server.url}?shards=4") as store:
        await store.put_endpoint(endpoint())
        old, parser = message(), Parser()
        parser.reads(old, read(old, text="mended"))
        await store.accept([old])
        await store.begin_replay(asked())
        await run(store)
        await renormalise(store, parser)
        remembered = left(redis_server)
        while await store.prune(LATER + 31 * DAY, retaining(), 1_000):
            pass
        assert (await store.replay(None, "rpl_1"), await store.renormalisation(None, "rnm_1")) == (None, None)
    assert {key.rpartition(":")[2] for key in remembered} == {"rpl_1", "renormalised"}
    assert not left(redis_server)


async def test_the_shards_forget_an_endpoint_that_is_deleted(redis_server: RedisServer) -> None:
    async with opened(f"{redis_server.url}?shards=4") as store:
        for one in (endpoint(), endpoint("ep_pull", type="pull")):
            await store.put_endpoint(one)
            await store.accept([message(f"m_{one.id}", routes=queued(one.id))])
            await store.delete_endpoint(one.id)
    names = [f"{{gateway:{shard}}}:{name}" for shard in range(4) for name in NAMED_BY_ENDPOINT]
    assert not [name for name in names if redis_server.client.exists(name)]


def left(server: RedisServer) -> set[str]:
    """What shards remember of runs."""
    names = [str(key, "ascii") for key in server.client.scan_iter() if isinstance(key, bytes)]
    return {name for name in names if ":replay:" in name or name.endswith(":renormalised")}
