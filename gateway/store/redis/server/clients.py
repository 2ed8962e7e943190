"""From an address to a client. It repeats nothing by itself: only the caller knows what may be done twice."""

import socket
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from gateway.store.address import Login, RedisAddress

Client = Redis | RedisCluster

_CONNECTIONS = 256
"""At once, to one server. What needs more is refused with an error that says so."""
_IDLE_SECONDS = 15
"""A connection that rested for so long is tried with a PING before it is trusted."""
_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Within 45 s the system finds out that the other side is gone, if it has these options."""


def client(address: RedisAddress) -> Client:
    """A client that has not connected yet."""
    options = _options(address)
    hosts = [(host.name, host.port) for host in address.hosts]
    if address.kind == "cluster":
        nodes = [ClusterNode(name, port) for name, port in hosts]
        return RedisCluster(startup_nodes=nodes, **options, **_login(address.login))
    options["db"] = address.database
    if address.kind == "sentinel":
        watching = options | {"db": 0} | _login(address.sentinel_login)
        sentinel = Sentinel(hosts, sentinel_kwargs=watching)
        master: Redis = sentinel.master_for(address.service, **options, **_login(address.login))
        return master
    return Redis(host=hosts[0][0], port=hosts[0][1], **options, **_login(address.login))


async def close(client: Client) -> None:
    """Close every connection: also those that redis-py keeps beside the client."""
    await client.aclose()
    if isinstance(client, RedisCluster):
        for nodes in ("nodes_cache", "startup_nodes"):
            await client.nodes_manager.aclose(nodes)
    elif isinstance(client.connection_pool, SentinelConnectionPool):
        for sentinel in client.connection_pool.sentinel_manager.sentinels:
            await sentinel.aclose()


def _options(address: RedisAddress) -> dict[str, Any]:
    return {
        "socket_timeout": address.timeout_s,
        "socket_connect_timeout": address.timeout_s,
        "socket_keepalive": True,
        "socket_keepalive_options": {
            getattr(socket, name): value for name, value in _KEEPALIVE.items() if hasattr(socket, name)
        },
        "health_check_interval": _IDLE_SECONDS,
        "max_connections": _CONNECTIONS,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        **_tls(address),
    }


def _tls(address: RedisAddress) -> dict[str, Any]:
    if address.tls is None:
        return {}
    return {
        "ssl": True,
        "ssl_ca_certs": address.tls.ca,
        "ssl_certfile": address.tls.cert,
        "ssl_keyfile": address.tls.key,
    }


def _login(login: Login) -> dict[str, Any]:
    return {"username": login.username, "password": login.password}
