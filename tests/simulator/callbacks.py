"""A callback for webhooks, as a developer's own server would be: it keeps what it gets, signature and all."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from tests import streams

VERIFY_TOKEN = "let me in"


class Post(Struct, frozen=True):
    """One webhook as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        """The body, decoded."""
        return dict(json.loads(self.body))


class Callback:
    """Answers handshakes, and webhooks with whatever `answer` says."""

    def __init__(self) -> None:
        self.url = ""
        self.posts: list[Post] = []
        self.answer: Callable[[Post], int] = lambda _: 200

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One keep-alive connection."""
        while head := await reader.readuntil(b"\r\n\r\n"):
            await self._one(head.decode(), reader, writer)

    async def _one(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if method == "GET":
            status, content = _handshake(target)
        else:
            post = Post(headers, await reader.readexactly(int(headers["content-length"])))
            self.posts.append(post)
            status, content = self.answer(post), ""
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n\r\n{content}".encode())
        await writer.drain()


def _handshake(target: str) -> tuple[int, str]:
    query = parse_qs(urlsplit(target).query)
    if query["hub.verify_token"] != [VERIFY_TOKEN]:
        return 403, ""
    return 200, query["hub.challenge"][0]


@asynccontextmanager
async def listening() -> AsyncIterator[Callback]:
    """A callback on a free port of this machine."""
    callback = Callback()
    async with streams.listening(callback.serve) as port:
        callback.url = f"http://127.0.0.1:{port}/"
        yield callback
