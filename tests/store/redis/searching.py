"""Looking for texts in everything that a Redis server has: keys, values, files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis

from gateway.store.redis.layout import blobs


def found(server: redis.Redis, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys of the database whose names or values hold one of the texts, compressed or not."""
    return [
        (key.decode(), text)
        for key in server.scan_iter(count=1_000)
        for part in (key, *_values(server, key))
        for text in texts
        if text.encode() in part
    ]


def compressed(server: redis.Redis, texts: tuple[str, ...]) -> tuple[bytes, ...]:
    """The bodies of events that hold one of the texts, as they lie there."""
    keys = sorted({key for key, _ in found(server, texts) if ":event:" in key})
    return tuple(_string(server, key.encode()).split(b"\n", 4)[4] for key in keys)


def found_in_files(folder: Path, texts: tuple[bytes, ...]) -> list[str]:
    """Files of the server in which one of the texts stands; it was told to compress nothing."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "log"]
    return [file.name for file in files if any(text in file.read_bytes() for text in texts)]


def _values(server: redis.Redis, key: bytes) -> Iterator[bytes]:
    kind = server.type(key)
    if kind == b"string":
        yield _string(server, key)
        if b":event:" in key:
            content = blobs.unpacked(_string(server, key)).content
            yield from (part for part in (content.body, content.envelope) if part is not None)
    elif kind == b"hash":
        fields: dict[Any, Any] = server.hgetall(key)
        yield from (part for pair in fields.items() for part in pair)
    else:
        members: Any = server.zrange(key, 0, -1) if kind == b"zset" else server.smembers(key)
        yield from members


def _string(server: redis.Redis, key: bytes) -> bytes:
    value = server.get(key)
    assert isinstance(value, bytes)
    return value
