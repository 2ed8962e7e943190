"""Redis' files are written anew after the moment at which that was asked for, however often Redis does so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.store.redis.server.files import Asked, Files, Renewal
from tests.redis_servers import RedisServer, server, until
from tests.store.redis.stage import connected
from tests.store.samples import NOW

pytestmark = pytest.mark.anyio

LATER = NOW + 10_000
WRITING = ("rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled")


async def look(one: RedisServer, asked: dict[str, Asked], now: int = NOW) -> Renewal:
    """What a process does that has not looked before."""
    async with connected(one.url) as connection:
        return await Files(connection).renew(asked, now)


def rest(one: RedisServer) -> None:
    """Wait until nothing is being written."""
    until(lambda: not _is_writing(one.client.info("persistence")))


def _is_writing(facts: Mapping[str, Any]) -> bool:
    return any(facts[name] for name in WRITING)


async def test_what_was_begun_before_does_not_count(tmp_path: Path) -> None:
    # Writing takes long enough to be met.
    with server(tmp_path, rdb_key_save_delay="500000") as one:
        one.client.set("a", "b")
        one.client.bgrewriteaof()
        first = await look(one, {})
        rest(one)
        one.client.config_set("rdb-key-save-delay", "0")
        second = await look(one, first.asked)
        rest(one)
        third = await look(one, second.asked)
    assert (first.asked, first.done) == ({}, False)
    assert [asked.taken for asked in second.asked.values()] == [("BGREWRITEAOF",)]
    assert (second.done, third.done) == (False, True)


async def test_a_server_that_was_started_again_is_asked_again(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        first = await look(one, {})
        one.kill()
        one.start()
        second = await look(one, first.asked)
    assert not second.done and second.asked.keys() != first.asked.keys()


async def test_what_failed_is_asked_for_again_after_a_while(tmp_path: Path) -> None:
    in_the_way = tmp_path / "dump.rdb"
    (in_the_way / "folder").mkdir(parents=True)
    with server(tmp_path, save="3600 1", stop_writes_on_bgsave_error="no") as one:
        first = await look(one, {})
        rest(one)
        (in_the_way / "folder").rmdir()
        in_the_way.rmdir()
        at_once, later = await look(one, first.asked), await look(one, first.asked, LATER)
        rest(one)
        done = await look(one, later.asked, LATER)
    assert [asked.taken for asked in first.asked.values()] == [("BGSAVE", "BGREWRITEAOF")]
    assert at_once == Renewal(first.asked, done=False) and later.asked != first.asked
    assert done.done and done.remains == ()


async def test_replicas_are_named(tmp_path: Path) -> None:
    with (
        server(tmp_path / "master", repl_diskless_sync_delay="0") as master,
        server(tmp_path / "replica", replicaof=f"127.0.0.1 {master.port}"),
    ):
        until(lambda: master.client.info("replication")["connected_slaves"] == 1)
        rest(master)
        assert (await look(master, {})).remains == ("files of replicas, which are their own: 1",)
