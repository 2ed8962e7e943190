"""A SQLite store that is moved into Redis: everything is as it was, and goes on from there."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from adapters.base import Quarantined
from gateway.migration import Migration
from gateway.store.address import parse_redis
from gateway.store.base import Conflict, ContentRemoved, Store
from gateway.store.keyed import KeyedAnswer, KeyedRequest
from gateway.store.records import ApiKey, Arrival, Customer, EventFilter, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.replay import Replay, ReplayPlan
from gateway.store.sqlite import Leaving, SqliteStore
from gateway.store.sqlite.dump import COVERED, LEFT
from gateway.store.sqlite.schema import migrate, scripts
from gateway.store.transfer import KINDS, Kind, Progress, Stretch
from gateway.vault import Vault
from tests.redis_servers import RedisServer
from tests.store.opening import KEY
from tests.store.samples import (
    LEASE,
    NOW,
    body_of,
    dead,
    edit,
    endpoint,
    failed,
    message,
    psid,
    queued,
    status,
    succeeded,
    wa,
)

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=1_000, ascending=True)
KEYED = KeyedRequest(key=b"k" * 32, fingerprint=b"f" * 32)
ANSWER = KeyedAnswer(status=201, media_type="application/json", body=b"{}")


@asynccontextmanager
async def stores(
    folder: Path, server: RedisServer, shards: int = 4
) -> AsyncIterator[tuple[SqliteStore, RedisStore, Leaving]]:
    """A file and a Redis, both open, and the way out of the file."""
    async with AsyncExitStack() as stack:
        old = SqliteStore(folder / "old.db", Vault(KEY), lambda: NOW)
        new = RedisStore(parse_redis(f"{server.url}?shards={shards}"), Vault(KEY), lambda: NOW)
        for store in (old, new):
            await store.open()
            stack.push_async_callback(store.close)
        leaving = Leaving(folder / "old.db", Vault(KEY))
        stack.push_async_callback(leaving.close)
        yield old, new, leaving


def person(number: int) -> Arrival:
    """The n-th message of several people on two channels."""
    who = number % 3
    routes: dict[str, Any] = {"routes": queued("ep_1", "ep_2"), "at": NOW + number}
    if who == 2:
        return message(f"w_{number}", wa(("wa_id", "46701")), platform="whatsapp", **routes)
    return message(f"m_{number}", psid(f"200{who}"), **routes)


async def lived_in(store: Store) -> None:
    """Something of everything; then the gateway has stopped, and what it had claimed is free."""
    await store.put_customer(Customer(id="cus_2", name="two", created_at=NOW))
    await store.put_key(
        ApiKey(
            id="key_1",
            customer_id="cus_2",
            name="k",
            prefix="gw_",
            digest=b"d" * 32,
            scopes=(),
            created_at=NOW,
        )
    )
    for one in (endpoint(), endpoint("ep_2"), endpoint("ep_gone"), endpoint("ep_pull", type="pull")):
        await store.put_endpoint(one)
    for number in range(12):
        await store.accept([person(number)])
    await store.accept([message("m_gone", psid("2009"), routes=queued("ep_gone"))])
    (job,), _ = await store.claim("ep_gone", NOW + 50, LEASE, 1, 0)
    await store.finish([succeeded(job)])
    await store.delete_endpoint("ep_gone")
    jobs, _ = await store.claim("ep_1", NOW + 100, LEASE, 3, 0)
    await store.finish([succeeded(jobs[0]), failed(jobs[1], NOW + 500), dead(jobs[2])])
    await store.claim("ep_2", NOW + 100, LEASE, 1, 0)
    await store.accept([message("m_nobody", customer_ids=())])
    await store.accept([status(3, "m_out", at=NOW + 20)])
    await store.accept([edit("m_late", at=NOW + 30, routes=queued("ep_2"))])
    await store.quarantine("facebook", NOW, [Quarantined(reason="no", pointer="/", body=b"x")] * 2)
    await store.begin_keyed(KEYED, NOW)
    await store.end_keyed(KEYED, ANSWER)
    plan = ReplayPlan(endpoint_id="ep_1", since=NOW, until=NOW + 1_000, wanted="all")
    await store.begin_replay(Replay(id="rep_1", customer_id="default", plan=plan, created_at=NOW, matched=13))
    log = await store.log(endpoint("ep_pull", type="pull"), "0", 5)
    await store.acknowledge("ep_pull", log.cursor)
    await store.close()
    await store.open()


class Halting:
    """The store that is entered; the process dies when the n-th stretch is written and not yet remembered."""

    def __init__(self, entering: Any, stretches: int) -> None:
        self._entering = entering
        self._left = stretches
        self._remembered = b""

    async def begin(self, source: str) -> Progress:
        found: Progress = await self._entering.begin(source)
        self._remembered = msgspec.json.encode(found)
        return found

    async def restore(self, stretch: Stretch, progress: Progress) -> None:
        await self._entering.restore(stretch, progress)
        if self._left == 0:
            await self._entering.keep(msgspec.json.decode(self._remembered, type=Progress))
            raise KeyboardInterrupt
        self._left -= 1
        self._remembered = msgspec.json.encode(progress)

    async def keep(self, progress: Progress) -> None:
        await self._entering.keep(progress)


def silent(kind: Kind | None, done: int) -> None:
    """Nobody watches."""


async def conversation(store: Store, identifier: str | None) -> list[str]:
    """The events of a conversation, in their order."""
    found = await store.events(None, EventFilter(conversation_id=identifier or "conv_none"), ALL)
    return [one.id for one in found.data]


async def shown(store: Store) -> dict[str, Any]:
    """What the API shows of a store, but for cursors."""
    configuration = await store.configuration()
    events = (await store.events(None, EventFilter(), ALL)).data
    by_id = sorted(events, key=lambda one: one.id)
    return {
        "configuration": replace(configuration, customers=tuple(sorted(configuration.customers, key=str))),
        "events": [one.id for one in by_id],
        "conversations": [await conversation(store, body_of(one).get("conversation_id")) for one in by_id],
        "unrouted": [one.id for one in (await store.events(None, EventFilter(unrouted=True), ALL)).data],
        "quarantine": [replace(one, id="") for one in (await store.quarantined(ALL)).data],
        "replays": [replace(one, cursor="") for one in (await store.replays(None, ALL)).data],
        "keyed": await store.begin_keyed(KEYED, NOW + 1),
    }


@pytest.mark.parametrize("shards", [1, 4])
async def test_what_the_api_shows_is_the_same_in_the_new_store(
    tmp_path: Path, redis_server: RedisServer, shards: int
) -> None:
    async with stores(tmp_path, redis_server, shards) as (old, new, leaving):
        await lived_in(old)
        move = Migration(leaving, new.restoring(), silent)
        progress = await move.move()
        compared, digest = await move.compare(old, new)
        assert await shown(new) == await shown(old)
    assert (compared, len(digest)) == (progress.counts["events"], 64)
    assert all(progress.counts[kind] for kind in KINDS if kind != "groups")


async def test_claims_come_in_the_same_order_with_the_next_numbers(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with stores(tmp_path, redis_server) as (old, new, leaving):
        await lived_in(old)
        await Migration(leaving, new.restoring(), silent).move()
        for endpoint_id in ("ep_1", "ep_2"):
            assert await drained(new, endpoint_id) == await drained(old, endpoint_id)


async def drained(store: Store, endpoint_id: str) -> dict[str | None, list[Any]]:
    """All jobs of an endpoint, by conversation, in the order in which they are given out."""
    found: dict[str | None, list[Any]] = {}
    while jobs := (await store.claim(endpoint_id, NOW + 1_000, LEASE, 20, 20))[0]:
        for job in jobs:
            about = (job.event_id, job.claim, job.attempts, job.first_failed_at, job.body)
            found.setdefault(job.conversation_id, []).append(about)
        await store.finish([succeeded(job) for job in jobs])
    return found


async def test_the_new_store_goes_on_where_the_old_one_was(tmp_path: Path, redis_server: RedisServer) -> None:
    async with stores(tmp_path, redis_server) as (old, new, leaving):
        await lived_in(old)
        await Migration(leaving, new.restoring(), silent).move()
        late = [message("m_late", at=NOW + 40), status(1, "m_out", at=NOW + 50), message("m_13", at=NOW + 60)]
        for store in (old, new):
            assert [one.state for one in await store.accept([person(3)])] == ["duplicate"]
            for arrival in late:
                await store.accept([arrival])
        assert await bodies(new) == await bodies(old)
        pull = endpoint("ep_pull", type="pull")
        rest = [
            (await store.log(pull, await store.acknowledge("ep_pull", None), 100)).entries
            for store in (old, new)
        ]
        assert {one.id for one in rest[0]} <= {one.id for one in rest[1]}


async def bodies(store: Store) -> dict[str, bytes]:
    """All events, with what the store has put into them."""
    return {one.id: one.body for one in (await store.events(None, EventFilter(), ALL)).data}


async def test_what_was_emptied_stays_empty(tmp_path: Path, redis_server: RedisServer) -> None:
    async with stores(tmp_path, redis_server) as (old, new, leaving):
        await old.put_endpoint(endpoint())
        (admission,) = await old.accept([person(0)])
        (job,), _ = await old.claim("ep_1", NOW, LEASE, 1, 0)
        await old.finish([succeeded(job)])
        while await old.contents.empty(("default",), 10):
            pass
        await Migration(leaving, new.restoring(), silent).move()
        with pytest.raises(ContentRemoved):
            await new.redeliver(None, admission.event_id, "ep_1", NOW)
        assert await bodies(new) == await bodies(old)


@pytest.mark.parametrize("stretches", range(10))
async def test_a_move_that_was_interrupted_is_carried_on(
    tmp_path: Path, redis_server: RedisServer, stretches: int
) -> None:
    async with stores(tmp_path, redis_server) as (old, new, leaving):
        await lived_in(old)
        with suppress(KeyboardInterrupt):
            await Migration(leaving, Halting(new.restoring(), stretches), silent).move()
        move = Migration(leaving, new.restoring(), silent)
        await move.move()
        await move.compare(old, new)
        assert await shown(new) == await shown(old)


async def test_a_store_with_other_content_is_not_entered(tmp_path: Path, redis_server: RedisServer) -> None:
    async with stores(tmp_path, redis_server) as (_, new, leaving):
        await new.put_endpoint(endpoint())
        with pytest.raises(Conflict, match="not empty"):
            await Migration(leaving, new.restoring(), silent).move()


def test_every_table_is_carried_over_or_left_on_purpose() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, scripts())
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert tables == COVERED | LEFT.keys()
    assert not COVERED & LEFT.keys()
