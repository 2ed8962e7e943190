"""Memory that runs short: nothing new is taken in while some is left for what is stored; and the way back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.base import Quarantined
from gateway.store.base import Store
from gateway.store.errors import IntakeStopped
from gateway.store.redis.server.condition import shortage
from tests.redis_servers import RedisServer, server
from tests.store.opening import store_at
from tests.store.redis.stage import FILL
from tests.store.samples import LEASE, NOW, endpoint, message, queued, succeeded
from tests.store.whole.outgoing import outgoing

pytestmark = pytest.mark.anyio

MIB = 1 << 20
UNREADABLE = [Quarantined(reason="not_json", pointer="", body=b"{")]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis whose memory a test may limit: full enough that a connection takes less than a hundredth.

    Made inside and without an append-only file, so that no buffer is counted that is gone a moment later.
    """
    with server(tmp_path, appendonly="no") as one:
        one.client.eval(FILL.body.decode(), 1, "ballast", str(16 * MIB))
        yield one


def at(small: RedisServer) -> Store:
    return store_at(f"{small.url}?unsafe=volatile", lambda: NOW)


@pytest.fixture
async def store(small: RedisServer) -> AsyncIterator[Store]:
    store = at(small)
    await store.open()
    await store.put_endpoint(endpoint())
    yield store
    await store.close()


def leave(small: RedisServer, share: float) -> None:
    """Limit the memory so that this share of what is used is free; below 0: more is used than may be."""
    small.client.config_set("maxmemory", int(small.client.info("memory")["used_memory"] * (1 + share)))


async def test_before_memory_ends_nothing_new_is_taken_in_and_what_is_stored_is_delivered(
    small: RedisServer, store: Store
) -> None:
    await store.accept([message(routes=queued("ep_1"))])
    leave(small, 0.02)
    health = await store.health()
    assert not health.writable
    assert health.reason is not None and "of Redis' memory are free" in health.reason
    with pytest.raises(IntakeStopped):
        await store.accept([message("m_2")])
    with pytest.raises(IntakeStopped):
        await store.quarantine("facebook", NOW, UNREADABLE)
    with pytest.raises(IntakeStopped):
        await store.outbox.add(outgoing())
    jobs, _ = await store.claim("ep_1", NOW, LEASE, 1, 0)
    (settled,) = await store.finish([succeeded(job) for job in jobs])
    assert settled.moved


async def test_a_full_redis_stops_the_intake_until_a_write_succeeds(small: RedisServer, store: Store) -> None:
    leave(small, -0.1)
    with pytest.raises(IntakeStopped):
        await store.accept([message()])
    assert not (await store.health()).writable
    small.client.config_set("maxmemory", 0)
    with pytest.raises(IntakeStopped):
        await store.accept([message()])
    health = await store.health()
    assert health.writable and health.reason is None and health.facts["intake_stops"] == 1
    (admission,) = await store.accept([message()])
    assert admission.state == "stored"


async def test_a_start_without_memory_takes_nothing_in(small: RedisServer, store: Store) -> None:
    leave(small, 0.02)
    other = at(small)
    await other.open()
    with pytest.raises(IntakeStopped):
        await other.accept([message()])
    await other.close()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"maxmemory": 100 * MIB, "used_memory": 95 * MIB}, None),
        ({"maxmemory": 0, "used_memory": 95 * MIB}, None),
        (
            {"maxmemory": 100 * MIB, "used_memory": 96 * MIB},
            "4 MiB of Redis' memory are free, 5 MiB must be",
        ),
        ({"aof_enabled": 1, "aof_last_write_status": "ok"}, None),
        ({"aof_enabled": 1, "aof_last_write_status": "err"}, "Redis cannot write to its disk"),
    ],
)
async def test_what_counts_as_too_little(facts: dict[str, int | str], reason: str | None) -> None:
    assert shortage([facts]) == reason
