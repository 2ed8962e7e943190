"""Looking for texts in everything that a Redis server has: keys, values, files."""

from collections.abc import Iterator
from pathlib import Path

import redis

from gateway.store.redis import blobs


def found(server: redis.Redis, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys of the database whose names or values hold one of the texts, compressed or not."""
    return [
        (key.decode(), text)
        for key in server.scan_iter(count=1_000)
        for part in (key, *_values(server, key))
        for text in texts
        if text.encode() in part
    ]


def found_in_files(folder: Path, texts: tuple[bytes, ...]) -> list[str]:
    """Files of the server in which one of the texts stands; it was told to compress nothing."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "log"]
    return [file.name for file in files if any(text in file.read_bytes() for text in texts)]


def _values(server: redis.Redis, key: bytes) -> Iterator[bytes]:
    kind = server.type(key)
    if kind == b"string":
        yield from _of_string(key, server.get(key))
    elif kind == b"hash":
        yield from (part for pair in server.hgetall(key).items() for part in pair)
    elif kind == b"zset":
        yield from server.zrange(key, 0, -1)
    elif kind == b"set":
        yield from server.smembers(key)
    else:
        raise AssertionError(f"{key!r} is a {kind!r}, which nobody looks into")


def _of_string(key: bytes, value: bytes) -> Iterator[bytes]:
    yield value
    if b":event:" in key:
        content = blobs.unpacked(value).content
        yield from (part for part in (content.body, content.envelope) if part is not None)
