"""Stores that are moved into others: everything is as it was, and goes on from there."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import permutations, product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from adapters.base import Identity
from adapters.sending import Sent
from gateway.migration import Compared, Migration, NotTheSame, Work
from gateway.neighbours import Ears
from gateway.store.address import parse_redis
from gateway.store.base import Conflict, ContentRemoved, Store
from gateway.store.outgoing import SendJob
from gateway.store.records import EventFilter, PageRequest
from gateway.store.redis import RedisStore
from gateway.store.redis.central.neighbours import RedisNeighbours
from gateway.store.sqlite import SqliteStore
from gateway.store.sqlite.dump.leaving import COVERED, LEFT
from gateway.store.sqlite.file.schema import migrate, scripts
from gateway.store.transfer.contract import (
    KINDS,
    Kind,
    Leaving,
    Progress,
    Stretch,
    TransferRecord,
    records_of,
)
from tests.redis_servers import RedisServer
from tests.store.erasures import begin, by, erase
from tests.store.lived_in import KEEPS_NOTHING, KEYED, live_in, opened, person
from tests.store.renormalisations import LATER
from tests.store.replays import asked
from tests.store.samples import (
    LEASE,
    NOW,
    PAGE,
    arrival,
    endpoint,
    event,
    message,
    psid,
    status,
    succeeded,
)
from tests.store.test_contacts import found
from tests.store.test_suspects import meet
from tests.store.whole.outgoing import claim, finish

pytestmark = pytest.mark.anyio

ALL = PageRequest(limit=1_000, ascending=True)
KINDS_OF_STORES = ("sqlite", "redis", "shards")
PAIRS = list(product(KINDS_OF_STORES, repeat=2))
Place = Callable[[str, int], str]


@pytest.fixture
def place(tmp_path: Path, redis_server: RedisServer) -> Place:
    """Where a store of a kind is, for any of several numbers."""

    def url(kind: str, number: int) -> str:
        shards = 4 if kind == "shards" else 1
        file = f"sqlite:///{tmp_path}/{number}.db"
        return file if kind == "sqlite" else f"{redis_server.url}/{number}?shards={shards}"

    return url


def leaving(store: Store) -> Leaving:
    """The way out of it."""
    assert isinstance(store, SqliteStore | RedisStore)
    return store.leaving()


def migration(old: Store, new: Store) -> Migration:
    """From one to the other; nobody watches."""
    assert isinstance(new, SqliteStore | RedisStore)
    return Migration(leaving(old), new.restoring(), new.leaving(), silent)


def silent(work: Work, kind: Kind, done: int, total: int) -> None:
    """Nobody watches."""


async def move(old: str, new: str) -> Compared:
    """Move what is in one store, and compare."""
    async with opened(old) as first, opened(new) as second:
        moving = migration(first, second)
        await moving.move()
        return await moving.compare()


async def fill(url: str) -> None:
    """Live in a store for a while."""
    async with opened(url) as store:
        await live_in(store)


async def dumped(url: str) -> dict[Kind, list[TransferRecord]]:
    """All that a store tells of itself."""
    async with opened(url) as store:
        return {kind: [one async for one in records_of(leaving(store), kind, 7)] for kind in KINDS}


@asynccontextmanager
async def both(old: str, new: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores, open."""
    async with opened(old) as first, opened(new) as second:
        yield first, second


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_a_new_store_holds_all_that_the_old_one_held(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    compared = await move(place(old, 0), place(new, 1))
    assert all(compared.counts.values()), compared.counts
    assert await dumped(place(new, 1)) == await dumped(place(old, 0))


@pytest.mark.parametrize(("here", "there"), list(permutations(KINDS_OF_STORES, 2)))
async def test_who_goes_there_and_back_has_lost_nothing(place: Place, here: str, there: str) -> None:
    await fill(place(here, 0))
    there_compared = await move(place(here, 0), place(there, 1))
    assert await move(place(there, 1), place(here, 2)) == there_compared
    assert await dumped(place(here, 2)) == await dumped(place(here, 0))


async def conversation(store: Store, identifier: str | None) -> list[str]:
    """The events of a conversation, in their order."""
    found = await store.events(None, EventFilter(conversation_id=identifier or "conv_none"), ALL)
    return [one.id for one in found.data]


async def shown(url: str) -> dict[str, Any]:
    """What the API shows of a store, but for cursors."""
    async with opened(url) as store:
        events = (await store.events(None, EventFilter(), ALL)).data
        by_id = sorted(events, key=lambda one: one.id)
        talks = [msgspec.json.decode(one.body).get("conversation_id") for one in by_id]
        return {
            "configuration": await store.configuration(),
            "events": [one.id for one in by_id],
            "conversations": [await conversation(store, one) for one in talks],
            "unrouted": [one.id for one in (await store.events(None, EventFilter(unrouted=True), ALL)).data],
            "quarantine": [replace(one, id="") for one in (await store.quarantined(ALL)).data],
            "replays": [replace(one, cursor="") for one in (await store.replays(None, ALL)).data],
            "keyed": await store.begin_keyed(KEYED, NOW + 1),
        }


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_what_the_api_shows_is_the_same_in_the_new_store(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    assert await shown(place(new, 1)) == await shown(place(old, 0))


async def drained(store: Store, endpoint_id: str) -> dict[str | None, list[Any]]:
    """All jobs of an endpoint, by conversation, in the order in which they are given out."""
    found: dict[str | None, list[Any]] = {}
    while jobs := (await store.claim(endpoint_id, NOW + LEASE + 1_000, LEASE, 20, 20))[0]:
        for job in jobs:
            about = (job.event_id, job.claim, job.attempts, job.first_failed_at, job.body)
            found.setdefault(job.conversation_id, []).append((*about, job.format, job.include_raw))
        await store.finish([succeeded(job) for job in jobs])
    return found


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_claims_come_in_the_same_order_with_the_next_numbers(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with both(place(old, 0), place(new, 1)) as (first, second):
        for endpoint_id in ("ep_1", "ep_2"):
            assert await drained(second, endpoint_id) == await drained(first, endpoint_id) != {}


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_the_new_store_goes_on_where_the_old_one_was(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    late = [message("m_late", at=NOW + 40), status(1, "m_out", at=NOW + 50), message("m_13", at=NOW + 60)]
    async with both(place(old, 0), place(new, 1)) as stores:
        for store in stores:
            known = [person(3), message("m_copy", at=NOW + 70)]
            assert [one.state for one in await store.accept(known)] == ["duplicate", "duplicate"]
            for one in late:
                await store.accept([one])
        first, second = [await bodies(store) for store in stores]
        assert second == first
        assert {one async for one in left(stores[0])} <= {one async for one in left(stores[1])}


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_messages_go_out_in_the_same_order_and_usage_is_not_counted_twice(
    place: Place, old: str, new: str
) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    told = []
    for url in (place(old, 0), place(new, 1)):
        async with opened(url) as store:
            while await store.usage.tally(1_000):
                pass
            used = await store.usage.read(None, "2026-01")
            sent = [job.message.id for job in await sent_by(store)]
            told.append((used, sent, await store.people.erasure("code-2")))
    assert told[0] == told[1]
    assert told[0][0]
    assert told[0][1] == ["msg_1", "msg_5", "msg_2"]


async def sent_by(store: Store) -> list[SendJob]:
    """Everything that is due, one after the other."""
    found, now = [], NOW + 200_000
    await store.outbox.expire(now)
    while jobs := await claim(store, now):
        for job in jobs:
            assert await store.outbox.begin(job, 0, now)
            sent = Sent(message_id=f"m_{job.message.id}", recipient_id="2001")
            await finish(store, job, "accepted", now, sent=sent)
        found += sorted(jobs, key=lambda job: job.message.id)
    return found


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_contents_that_go_early_go_on_going(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        before = await emptied(store)
        assert len(before) == 2
        with pytest.raises(ContentRemoved):
            await store.redeliver(None, before[0], "ep_3", NOW)
        await drained(store, "ep_3")
        while await store.contents.empty((KEEPS_NOTHING,), 10):
            pass
        assert len(await emptied(store)) == 7


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_a_picture_of_several_names_suspects_nobody_after_a_move(
    place: Place, old: str, new: str
) -> None:
    back, gone, other = (Identity("psid", f"300{number}", PAGE) for number in range(3))
    async with opened(place(old, 0)) as store:
        for one, name in ((gone, "Ada"), (other, "Bea")):
            await meet(store, one, name, "1_2_3")
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        await store.people.mark_stale("facebook", gone, "unreachable", NOW)
        await meet(store, back, "Ada", "1_2_3")
        assert await store.people.suspects("facebook", back) == ()


async def emptied(store: Store) -> list[str]:
    """Events whose content is gone."""
    return [name for name, body in (await bodies(store)).items() if b"content_removed" in body]


async def bodies(store: Store) -> dict[str, bytes]:
    """All events, with what the store has put into them."""
    return {one.id: one.body for one in (await store.events(None, EventFilter(), ALL)).data}


async def left(store: Store) -> AsyncIterator[str]:
    """What the endpoint that pulls has not acknowledged."""
    pull = endpoint("ep_pull", type="pull")
    for one in (await store.log(pull, await store.acknowledge("ep_pull", None), 100)).entries:
        yield one.id


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_who_was_erased_is_nobody_in_the_new_store_either(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        (receipt,) = await store.accept([status(3, "m_forgot", person=psid("2666"), at=NOW + 60)])
        assert receipt.state == "duplicate"
        (word,) = await store.accept([message("m_back", psid("2666"), at=NOW + 61)])
        assert word.state == "stored"


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_an_app_id_of_several_contacts_leads_to_all_of_them(place: Place, old: str, new: str) -> None:
    await fill(place(old, 0))
    await move(place(old, 0), place(new, 1))
    async with opened(place(new, 1)) as store:
        before = {one.id for one in await found(store)}
        having = {one.id for one in await found(store, identity="10209")}
        assert len(having) == 2
        await erase(store, by("asid", "10209", "2210"), 3)
        assert {one.id for one in await found(store)} == before - having


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


@pytest.mark.parametrize(("old", "new"), [("sqlite", "shards"), ("shards", "sqlite")])
@pytest.mark.parametrize("stretches", range(len(KINDS)))
async def test_a_move_that_was_interrupted_is_carried_on(
    place: Place, old: str, new: str, stretches: int
) -> None:
    await fill(place(old, 0))
    async with both(place(old, 0), place(new, 1)) as (first, second):
        assert isinstance(second, SqliteStore | RedisStore)
        halting = Halting(second.restoring(), stretches)
        with suppress(KeyboardInterrupt):
            await Migration(leaving(first), halting, leaving(second), silent).move()
    await move(place(old, 0), place(new, 1))
    assert await dumped(place(new, 1)) == await dumped(place(old, 0))


async def test_what_is_watched_has_a_total_and_comes_to_its_end(place: Place) -> None:
    seen: list[tuple[Work, int, int]] = []
    await fill(place("shards", 0))
    async with both(place("shards", 0), place("sqlite", 1)) as (old, new):
        assert isinstance(new, SqliteStore)
        watch = lambda work, kind, done, total: seen.append((work, done, total))  # noqa: E731
        moving = Migration(leaving(old), new.restoring(), new.leaving(), watch)
        await moving.move()
        await moving.compare()
    ends = {work: (done, total) for work, done, total in seen}
    assert ends["moving"][0] == ends["moving"][1] == ends["comparing"][0] == ends["comparing"][1]
    assert [done for work, done, _ in seen if work == "moving"] == sorted(
        done for work, done, _ in seen if work == "moving"
    )


@pytest.mark.parametrize("new", KINDS_OF_STORES)
async def test_a_store_with_other_content_is_not_entered(place: Place, new: str) -> None:
    async with both(place("sqlite", 0), place(new, 1)) as (old, filled):
        await filled.put_endpoint(endpoint())
        with pytest.raises(Conflict, match="not empty"):
            await migration(old, filled).move()


async def test_a_database_that_a_gateway_uses_is_neither_left_nor_entered(place: Place) -> None:
    url = place("redis", 0)
    neighbours = RedisNeighbours(parse_redis(url), delivers=False)
    await neighbours.start(Ears(changed=nothing, due=unheard, send=lambda *_: None, look=nothing))
    async with both(url, place("sqlite", 1)) as (used, other):
        for old, new in ((used, other), (other, used)):
            with pytest.raises(Conflict, match="a gateway is running"):
                await migration(old, new).move()
        await neighbours.stop()
        await migration(used, other).move()


def unheard(_: str) -> None:
    """Nor does this."""


async def nothing() -> None:
    """What is heard does not matter."""


async def test_what_only_the_old_store_can_carry_on_is_named_before_anything_moves(place: Place) -> None:
    async with both(place("shards", 0), place("sqlite", 1)) as (old, new):
        await old.put_endpoint(endpoint())
        pages = [event("message.received", "m", page_id=str(number)) for number in range(9)]
        await old.accept([arrival(one) for one in pages])
        await old.begin_replay(asked(rate=1, wanted="all"))
        for step in range(3):
            await old.advance_replay(LATER + step * 1_000)
        with pytest.raises(Conflict, match="the replay rpl_1 has come further"):
            await migration(old, new).move()
        await old.cancel_replay(None, "rpl_1", LATER)
        await begin(old, by("psid", "2001", "1"))
        with pytest.raises(Conflict, match="1 erasures are under way"):
            await migration(old, new).move()
        assert (await new.configuration()).endpoints == ()


@pytest.mark.parametrize("new", KINDS_OF_STORES)
async def test_what_changes_after_the_move_is_told(place: Place, new: str) -> None:
    await fill(place("sqlite", 0))
    async with both(place("sqlite", 0), place(new, 1)) as (old, entered):
        await migration(old, entered).move()
    async with both(place("sqlite", 0), place(new, 1)) as (old, entered):
        await entered.accept([message("m_new", at=NOW + 99)])
        with pytest.raises(NotTheSame, match="contacts: usr_"):
            await migration(old, entered).compare()


def test_every_table_is_carried_over_or_left_on_purpose() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, scripts())
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert tables == COVERED | LEFT.keys()
    assert not COVERED & LEFT.keys()
