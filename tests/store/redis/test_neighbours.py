"""Several processes on one Redis: what one says the others hear, and what they share is shared."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from gateway.clock import system_clock
from gateway.neighbours import Ears
from gateway.store.address import parse_redis
from gateway.store.base import StoreUnavailable
from gateway.store.redis.central.neighbours import RedisNeighbours
from tests.patience import SOON
from tests.proxies import proxied
from tests.redis_servers import NEWEST, SERVERS, RedisServer, server
from tests.store.lived_in import opened
from tests.store.redis.stage import connected
from tests.store.samples import endpoint

pytestmark = pytest.mark.anyio

ADDRESS = "redis://127.0.0.1:{}"


class Process:
    """One of them, and what it has heard."""

    def __init__(self, neighbours: RedisNeighbours) -> None:
        self.neighbours = neighbours
        self.heard: set[str] = set()
        self.changes = 0
        self.sends: set[tuple[str, str]] = set()
        self.ears = Ears(
            changed=self._changed,
            due=self.heard.add,
            send=lambda *page: self.sends.add(page),
            look=self._look,
        )

    async def _changed(self) -> None:
        self.changes += 1

    async def _look(self) -> None:
        """Nothing was lost."""


@asynccontextmanager
async def process(url: str, *, delivers: bool = True) -> AsyncIterator[Process]:
    """One that has joined, until the block ends."""
    it = Process(RedisNeighbours(parse_redis(url), delivers=delivers))
    await it.neighbours.start(it.ears)
    try:
        yield it
    finally:
        await it.neighbours.stop()


async def change(process: Process, url: str) -> None:
    """Count the version up, as the store does with every change."""
    async with process.neighbours.changing(), connected(url) as connection:
        await connection.client.hincrby("{gateway}:facts", "version", 1)


def pause() -> None:
    """Let the others run."""
    Event().wait(0.01)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.to_thread(pause)


@pytest.fixture(params=["redis-6.2", "valkey-9", "cluster"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of each kind."""
    if request.param == "cluster":
        nodes = request.getfixturevalue("redis_cluster")
        yield f"redis+cluster://127.0.0.1:{nodes[0].port}"
        return
    with server(tmp_path_factory.mktemp("redis"), SERVERS.get(request.param, NEWEST)) as one:
        yield one.url


async def test_what_is_due_is_heard_by_the_others(url: str) -> None:
    async with process(url) as one, process(url, delivers=False) as other:
        await until(lambda: _told(other.neighbours, "ep_1", one))
        other.neighbours.due("ep_2")
        await until(lambda: "ep_2" in one.heard)
        assert not other.heard


async def test_what_is_to_be_sent_is_heard_by_the_others(url: str) -> None:
    async with process(url) as one, process(url, delivers=False) as other:
        await until(lambda: _told(other.neighbours, "ep_1", one))
        other.neighbours.send("facebook", "1001")
        await until(lambda: ("facebook", "1001") in one.sends)
        assert not other.sends


async def test_each_page_is_sent_from_by_one_of_those_that_deliver(url: str) -> None:
    pages = [("facebook", str(number)) for number in range(100)]
    async with process(url) as one, process(url, delivers=False) as ingest, process(url) as other:
        await until(lambda: [p.neighbours.dispatchers() for p in (one, other)] == [2, 2])
        mine = {page for page in pages if one.neighbours.sends(*page)}
        theirs = {page for page in pages if other.neighbours.sends(*page)}
        assert mine | theirs == set(pages) and not mine & theirs and mine and theirs
        assert not any(ingest.neighbours.sends(*page) for page in pages)
        await other.neighbours.retire()
        assert not any(other.neighbours.sends(*page) for page in pages)
        await until(lambda: all(one.neighbours.sends(*page) for page in pages))


async def test_a_change_is_heard_and_its_version_is_known(url: str) -> None:
    async with process(url) as one, process(url) as other:
        await change(one, url)
        await until(lambda: other.changes == 2)
        assert one.changes == 1
        async with other.neighbours.changing() as stale:
            assert not stale


async def test_a_change_that_was_not_heard_is_found_by_looking(redis_server: RedisServer) -> None:
    async with proxied(redis_server.port) as proxy, process(ADDRESS.format(proxy.port)) as deaf:
        proxy.cut()
        async with process(redis_server.url) as other:
            await change(other, redis_server.url)
        await until(lambda: deaf.changes == 2)


async def test_a_change_of_which_nobody_knows_whether_it_was_made_is_read_again(url: str) -> None:
    async with process(url) as one, connected(url) as connection:
        with pytest.raises(StoreUnavailable):
            async with one.neighbours.changing():
                await connection.client.hincrby("{gateway}:facts", "version", 1)
                raise StoreUnavailable("the answer got lost")
        await until(lambda: one.changes == 2)


async def test_a_version_that_a_failover_has_taken_back_stands_for_another_configuration_later(
    url: str,
) -> None:
    async with process(url) as one, connected(url) as connection:
        for changes, by in enumerate((2, -1, 1), 2):
            await connection.client.hincrby("{gateway}:facts", "version", by)
            await until(lambda expected=changes: one.changes == expected)  # type: ignore[misc]


async def test_one_changes_the_configuration_at_a_time(url: str) -> None:
    async with process(url) as one, process(url) as other:
        steps: list[str] = []

        async def step(name: str, process: Process) -> None:
            async with process.neighbours.changing():
                steps.append(name)
                await asyncio.sleep(0)
                steps.append(name)

        await asyncio.gather(*(step(str(n), (one, other)[n % 2]) for n in range(6)))
        assert steps[::2] == steps[1::2]


async def test_who_held_the_lock_for_too_long_changes_nothing_any_more(redis_server: RedisServer) -> None:
    url = redis_server.url
    async with process(url) as frozen, process(url) as other, opened(url) as store:
        with pytest.raises(StoreUnavailable, match="another process has changed"):
            async with frozen.neighbours.changing():
                redis_server.client.delete("{gateway}:changer")  # ten seconds are over
                async with other.neighbours.changing():
                    await store.put_endpoint(endpoint())
                await store.put_endpoint(endpoint(ordering="none"))
        (kept,) = (await store.configuration()).endpoints
    assert kept == endpoint()


async def test_those_that_deliver_are_counted_and_one_is_on_duty(url: str) -> None:
    async with process(url) as one, process(url, delivers=False) as ingest:
        async with process(url) as other:
            await until(lambda: [p.neighbours.dispatchers() for p in (one, other, ingest)] == [2, 2, 2])
            assert one.neighbours.on_duty() != other.neighbours.on_duty()
            assert not ingest.neighbours.on_duty()
        await until(lambda: one.neighbours.dispatchers() == 1 and one.neighbours.on_duty())


async def test_without_redis_nobody_changes_the_configuration(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with process(one.url) as alone:
            one.kill()
            with pytest.raises(StoreUnavailable):
                async with alone.neighbours.changing():
                    pass


async def test_a_clock_that_differs_from_that_of_redis_is_told_once(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    offset = [0]
    neighbours = RedisNeighbours(
        parse_redis(redis_server.url), delivers=True, clock=lambda: system_clock() + offset[0]
    )
    for offset[0] in (0, 3_600_000, 3_600_000, 0, -3_600_000):
        await neighbours.retire()
    await neighbours.stop()
    told = [record.getMessage() for record in caplog.records]
    assert [("differ" in text, "again" in text) for text in told] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def _told(teller: RedisNeighbours, endpoint_id: str, listener: Process) -> bool:
    """Say it until it is heard: who has just joined may not listen yet."""
    teller.due(endpoint_id)
    return endpoint_id in listener.heard
