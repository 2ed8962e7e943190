"""A master that goes, and slots that move: the connection finds the new place."""

from pathlib import Path

import pytest

from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.connection import Connection
from tests.redis_servers import RedisServer, cluster, node_id, watched
from tests.store.redis.stage import connected, count

pytestmark = pytest.mark.anyio


async def answered(connection: Connection, tries: int = 30) -> int:
    """The count, once Redis takes writes again."""
    for _ in range(tries):
        try:
            return int((await connection.run([count()], repeatable=True))[0])
        except StoreUnavailable:
            pass
    raise AssertionError("Redis did not come back")


async def test_a_failover_is_followed_while_the_old_master_lives(tmp_path: Path) -> None:
    with watched(tmp_path) as trio:
        async with connected(trio.url) as connection:
            assert await connection.run([count()]) == [1]
            trio.fail_over()
            assert await answered(connection) == 2
        assert trio.replica.client.get("{s}:n") == b"2"


async def test_a_master_that_fell_silent_is_left_for_the_new_one(tmp_path: Path) -> None:
    with watched(tmp_path) as trio:
        async with connected(f"{trio.url}?timeout=0.3") as connection:
            assert await connection.run([count()]) == [1]
            trio.master.client.wait(1, 5_000)
            trio.master.suspend()
            trio.await_replica()
            assert await answered(connection) >= 2
            trio.master.resume()


async def test_moved_slots_are_followed(tmp_path: Path) -> None:
    with cluster(tmp_path) as nodes:
        async with connected(f"redis+cluster://127.0.0.1:{nodes[0].port}") as connection:
            slot = nodes[0].client.execute_command("CLUSTER KEYSLOT", "{s}:n")
            owner = next(node for node in nodes if _owns(node, slot))
            other = next(node for node in nodes if node is not owner)
            assert await connection.run([count("{t}")]) == [1]
            for node in nodes:
                node.client.execute_command("CLUSTER SETSLOT", slot, "NODE", node_id(other.port))
            assert await connection.run([count(), count()]) == [1, 2]
        assert other.client.get("{s}:n") == b"2"


async def test_a_slot_on_the_move_is_served_by_both(tmp_path: Path) -> None:
    with cluster(tmp_path) as nodes:
        async with connected(f"redis+cluster://127.0.0.1:{nodes[0].port}") as connection:
            slot = nodes[0].client.execute_command("CLUSTER KEYSLOT", "{s}:n")
            owner = next(node for node in nodes if _owns(node, slot))
            other = next(node for node in nodes if node is not owner)
            other.client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", node_id(owner.port))
            owner.client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", node_id(other.port))
            assert await connection.run([count()]) == [1]


async def test_a_cluster_without_a_node_says_so_and_serves_the_rest(tmp_path: Path) -> None:
    with cluster(tmp_path, cluster_require_full_coverage="no") as nodes:
        async with connected(f"redis+cluster://127.0.0.1:{nodes[0].port}") as connection:
            slot = nodes[0].client.execute_command("CLUSTER KEYSLOT", "{s}:n")
            owner = next(node for node in nodes if _owns(node, slot))
            elsewhere = next(tag for tag in "abcdefgh" if not _owns(owner, _slot(owner, tag)))
            owner.kill()
            with pytest.raises(StoreUnavailable):
                await connection.run([count()])
            assert await connection.run([count(elsewhere)]) == [1]
            owner.start()
            assert await answered(connection) == 1


def _slot(node: RedisServer, key: str) -> int:
    return int(node.client.execute_command("CLUSTER KEYSLOT", key))


def _owns(node: RedisServer, slot: int) -> bool:
    rows = node.client.execute_command("CLUSTER SLOTS")
    return any(low <= slot <= high and primary[1] == node.port for low, high, primary, *_ in rows)
