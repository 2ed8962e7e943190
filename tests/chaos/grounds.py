"""The stores that the matrix stands on, and what breaks them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from tests.proxies import Proxy, proxied
from tests.redis_servers import HIGHEST_PORT, RedisServer, Watched, cluster, node_id, server, until, watched
from tests.servers import free_port

SQLITE = ("all",)
SEVERAL = ("ingest", "ingest", "deliver", "deliver")


class Ground:
    """A store: its address, the roles of the processes on it, and the servers behind it, if any."""

    def __init__(self, url: str, roles: tuple[str, ...] = SEVERAL) -> None:
        self.url = url
        self.roles = roles
        self.servers: list[RedisServer] = []
        self.proxy: Proxy | None = None
        self.watched: Watched | None = None

    @property
    def way(self) -> Proxy:
        """What the processes reach the server through."""
        if self.proxy is None:
            raise LookupError("this ground has no proxy")
        return self.proxy

    @property
    def trio(self) -> Watched:
        """A master with its replica and sentinel."""
        if self.watched is None:
            raise LookupError("this ground has no sentinel")
        return self.watched


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Ground]:
    """A file."""
    yield Ground(f"sqlite:///{folder}/gateway.db", SQLITE)


@asynccontextmanager
async def redis(folder: Path, appendfsync: str = "everysec") -> AsyncIterator[Ground]:
    """One Redis with an append-only file."""
    with server(folder / "redis", appendfsync=appendfsync) as one:
        ground = Ground(one.url)
        ground.servers = [one]
        yield ground


@asynccontextmanager
async def redis_behind_proxy(folder: Path) -> AsyncIterator[Ground]:
    """The same, and the way to it can be cut."""
    async with AsyncExitStack() as stack:
        direct = await stack.enter_async_context(redis(folder))
        proxy = await stack.enter_async_context(proxied(direct.servers[0].port))
        ground = Ground(f"redis://127.0.0.1:{proxy.port}")
        ground.servers, ground.proxy = direct.servers, proxy
        yield ground


@asynccontextmanager
async def redis_sentinel(folder: Path) -> AsyncIterator[Ground]:
    """A master, its replica, a sentinel."""
    with watched(folder) as trio:
        ground = Ground(trio.url)
        ground.servers, ground.watched = [trio.master, trio.replica], trio
        yield ground


@asynccontextmanager
async def redis_cluster(folder: Path) -> AsyncIterator[Ground]:
    """Three masters, and a replica of the first; the first and its replica stand first in `servers`."""
    with ExitStack() as stack:
        masters = stack.enter_context(cluster(folder))
        replica = stack.enter_context(_replica(folder))
        _follow(replica, masters[0])
        ground = Ground(f"redis+cluster://127.0.0.1:{masters[1].port},127.0.0.1:{masters[2].port}")
        ground.servers = [masters[0], replica, *masters[1:]]
        yield ground


def _replica(folder: Path) -> RedisServer:
    while (port := free_port()) > HIGHEST_PORT:
        pass
    return server(folder / "replica", port=port, cluster_enabled="yes", cluster_node_timeout="2000")


def _follow(replica: RedisServer, master: RedisServer) -> None:
    """Join the cluster and copy the master; returns when the copy is complete."""
    replica.client.execute_command("CLUSTER", "MEET", "127.0.0.1", master.port)
    until(partial(_knows, replica, master.port))
    replica.client.execute_command("CLUSTER", "REPLICATE", node_id(master.port))
    until(lambda: replica.client.info("replication").get("master_link_status") == "up")


def _knows(one: RedisServer, port: int) -> bool:
    nodes = one.client.execute_command("CLUSTER NODES")
    return f"127.0.0.1:{port}" in nodes and "handshake" not in str(nodes)
