"""A customer's receiver for tests: real HTTP on loopback, every signature checked by a foreign library."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct
from standardwebhooks import Webhook

from tests.patience import SOON
from tests.streams import listening


class Delivery(Struct, frozen=True):
    """One request as it came in."""

    webhook_id: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The body, decoded."""
        return dict(json.loads(self.body))


class Receiver:
    """Counts what arrives. `answer` says which status each delivery gets."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.deliveries: list[Delivery] = []
        self.answer: Callable[[Delivery], int] = lambda _: 204
        self.content: Callable[[Delivery], bytes] = lambda _: b""
        """What the answer says."""
        self._changed = asyncio.Condition()

    async def until(self, enough: Callable[[list[Delivery]], bool], seconds: float = SOON) -> None:
        """Wait until what has arrived is enough. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: enough(self.deliveries))

    async def think(self) -> None:
        """What happens between a delivery and its answer: nothing here."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One keep-alive connection."""
        while head := await reader.readuntil(b"\r\n\r\n"):
            await self._one(head, reader, writer)

    async def _one(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = head.decode("latin-1").split("\r\n")[1:]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        delivery = Delivery(headers.get("webhook-id", ""), headers, body)
        if self.secret:
            Webhook(self.secret).verify(body, headers)
        status = self.answer(delivery)
        await self.think()
        content = self.content(delivery)
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)
        await writer.drain()
        async with self._changed:
            self.deliveries.append(delivery)
            self._changed.notify_all()


@asynccontextmanager
async def receiving(receiver: Receiver | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a free port of this machine."""
    receiver = receiver or Receiver()
    async with listening(receiver.serve) as port:
        receiver.url = f"http://127.0.0.1:{port}/"
        yield receiver
