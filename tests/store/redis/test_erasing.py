"""Erasures by several processes, over several shards, and where Redis may not be asked for everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.base import Identity, Person
from gateway.store.base import Store
from gateway.store.contact import ContactFilter, KnownProfile
from gateway.store.erasure import Erasure
from tests.redis_servers import RedisServer, server
from tests.store.erasures import LIMIT, begin, by, carry_on, erase
from tests.store.opening import store_at
from tests.store.redis.searching import found
from tests.store.samples import NOW, PAGE, arrival, endpoint, event, message, psid, queued
from tests.store.test_erasures import ALL, senders

pytestmark = pytest.mark.anyio

PERSON = by("psid", "3001", PAGE)
ELSEWHERE = "1004"
"""A page in another shard, of four."""


@pytest.fixture
async def pair(redis_server: RedisServer) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes on a database of four parts."""
    async with AsyncExitStack() as stack:
        stores = [store_at(f"{redis_server.url}?shards=4", lambda: NOW) for _ in range(2)]
        for one in stores:
            await one.open()
            stack.push_async_callback(one.close)
        await stores[0].put_endpoint(endpoint())
        yield stores[0], stores[1]


async def ended(store: Store) -> list[Erasure]:
    """The erasures that this process brings to their end."""
    done = []
    while (step := await store.people.advance_erasure(LIMIT, NOW)) is not None:
        if step.done and (erasure := await store.people.end_erasure(step.erasure.id, NOW)) is not None:
            done.append(erasure)
    return done


async def test_two_that_erase_at_once_do_it_once(pair: tuple[Store, Store]) -> None:
    routed = [message(f"m_{n}", psid(("3001", "2002")[n % 2]), routes=queued("ep_1")) for n in range(40)]
    await pair[0].accept(routed)
    await begin(pair[0], PERSON)
    done = [erasure for some in await asyncio.gather(*map(ended, pair)) for erasure in some]
    assert [(erasure.state, erasure.erased) for erasure in done] == [("done", 21)]
    assert set(await senders(pair[1])) == {"2002"}


async def test_two_that_begin_the_same_at_once_begin_it_once(pair: tuple[Store, Store]) -> None:
    await pair[0].accept([message(person=psid("3001"))])
    begun = await asyncio.gather(*(begin(store, PERSON) for store in pair))
    assert begun[0] == begun[1]
    assert (await carry_on(pair[1])).erasure.erased == 2
    assert await pair[0].people.advance_erasure(LIMIT, NOW) is None


async def test_who_writes_by_another_process_meanwhile_is_somebody_new(pair: tuple[Store, Store]) -> None:
    await asyncio.gather(*(store.accept([message(f"m_{n}", psid("3001"))]) for n, store in enumerate(pair)))
    await begin(pair[0], PERSON)
    await pair[1].accept([message("m_3", psid("3001"))])
    await carry_on(pair[0])
    assert await senders(pair[0]) == ["3001", "3001"]
    (known,) = (await pair[1].people.contacts(None, ContactFilter(), ALL)).data
    assert len(known.conversations) == 1


async def test_a_person_of_two_shards_goes_from_both(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    there = Identity("psid", "4002", ELSEWHERE)
    written = event("message.received", "m_2", page_id=ELSEWHERE, from_="4002")
    await pair[0].accept([message(person=psid("3001"))])
    (known,) = (await pair[0].people.contacts(None, ContactFilter(), ALL)).data
    await pair[0].people.link(None, known.id, "facebook", there)
    await pair[1].accept([arrival(written, Person(identities=(there,)), opens_window=True)])
    step = await erase(pair[1], PERSON)
    assert step.erasure.erased == 4
    assert found(redis_server.client, ("3001", "4002", known.id)) == []


async def test_what_redis_refuses_is_told_at_the_end(tmp_path: Path) -> None:
    with server(tmp_path) as alone:
        rights = ("+@all", "-bgrewriteaof", "-bgsave", "-config")
        alone.client.acl_setuser("gateway", enabled=True, passwords=["+secret"], categories=[], keys=["*"])
        alone.client.execute_command("ACL SETUSER", "gateway", "allchannels", *rights)
        store = store_at(alone.url.replace("//", "//gateway:secret@"), lambda: NOW)
        await store.open()
        await store.accept([message(person=psid("3001"))])
        step = await erase(store, PERSON)
        await store.close()
        assert found(alone.client, ("3001",)) == []
    assert [left.split(";")[0] for left in step.remains] == [
        "Redis refuses BGREWRITEAOF",
        "Redis refuses BGSAVE",
    ]


async def test_erasures_that_wait_for_the_files_share_one_writing(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    people = ["3001", "3002", "3003"]
    await pair[0].accept([message(f"m_{one}", psid(one)) for one in people])
    for number, one in enumerate(people):
        await begin(pair[0], by("psid", one, PAGE), number)
    redis_server.client.config_resetstat()
    assert [erasure.erased for erasure in await ended(pair[1])] == [2, 2, 2]
    assert rewritten(redis_server) == 1


async def test_every_master_of_a_cluster_writes_its_files_anew(redis_cluster: list[RedisServer]) -> None:
    store = store_at(f"redis+cluster://127.0.0.1:{redis_cluster[0].port}", lambda: NOW)
    await store.open()
    await store.accept([message(f"m_{one}", psid(one)) for one in ("3001", "2002")])
    for node in redis_cluster:
        node.client.config_resetstat()
    assert (await erase(store, PERSON)).erasure.erased == 2
    await store.close()
    assert [rewritten(node) for node in redis_cluster] == [1, 1, 1]
    assert [found(node.client, ("3001",)) for node in redis_cluster] == [[], [], []]


def rewritten(one: RedisServer) -> int:
    """How often the server was asked to write its append-only file anew."""
    return int(one.client.info("commandstats").get("cmdstat_bgrewriteaof", {"calls": 0})["calls"])


async def test_no_mark_of_a_name_stays_and_nothing_waits_to_be_emptied(
    pair: tuple[Store, Store], redis_server: RedisServer
) -> None:
    store, _ = pair
    await store.accept([message("m_1", psid("3001"), routes=queued("ep_1"))])
    known = Identity("psid", "3001", PAGE)
    profile = KnownProfile(identity=known, fetched_at=NOW, fresh_until=NOW, fields={"name": "Ada"})
    await store.people.keep_profile("facebook", profile, "Ada", "1_2_3")
    await store.contents.empty(("default",), 10)
    left = ("*pictures", "*emptying")
    assert all(redis_server.client.keys(name) for name in left)
    await erase(store, PERSON)
    assert not any(redis_server.client.keys(name) for name in left)
