"""Connections to real servers, for the tests of the Redis store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.store.address import parse_redis
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.server.scripts import Call, Script

COUNT = Script.of(b"return redis.call('INCR', KEYS[1])")
FILL = Script.of(b"return redis.call('SET', KEYS[1], string.rep('x', ARGV[1]))")


def count(key: str = "{s}:n") -> Call:
    """Counts one up; answers with the number."""
    return Call(COUNT, [key])


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """An open connection."""
    connection = Connection(parse_redis(url))
    try:
        await connection.open()
        yield connection
    finally:
        await connection.close()
