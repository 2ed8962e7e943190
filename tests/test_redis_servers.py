"""The servers that the tests of the Redis store stand on."""

from pathlib import Path

import pytest
import redis

from tests.redis_servers import SERVERS, cluster, server, watched


@pytest.mark.parametrize("binary", SERVERS.values(), ids=SERVERS)
def test_a_server_that_was_killed_has_its_data_again(tmp_path: Path, binary: Path) -> None:
    with server(tmp_path, binary) as one:
        one.client.set("key", "value")
        one.kill()
        one.start()
        assert one.client.get("key") == b"value"


@pytest.mark.parametrize("binary", SERVERS.values(), ids=SERVERS)
def test_a_cluster_serves_all_slots(tmp_path: Path, binary: Path) -> None:
    with cluster(tmp_path, binary) as nodes, redis.RedisCluster.from_url(nodes[0].url) as client:
        for number in range(20):
            client.set(f"key:{number}", number)
        assert [node.client.dbsize() > 0 for node in nodes] == [True] * 3


@pytest.mark.parametrize("binary", SERVERS.values(), ids=SERVERS)
def test_a_replica_takes_over_from_a_killed_master(tmp_path: Path, binary: Path) -> None:
    with watched(tmp_path, binary) as trio:
        trio.master.client.set("key", "value")
        trio.master.client.wait(1, 5_000)
        trio.master.kill()
        trio.await_replica()
        assert trio.replica.client.get("key") == b"value"
