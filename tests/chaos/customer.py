"""Customers whose endpoints can be slow or gone, and what arrived there."""

import asyncio
import json
from contextlib import suppress

from gateway.tasks import end
from tests.receivers import Delivery, Receiver


class Arrival:
    """What one endpoint got, in the order in which it came: message and webhook id."""

    __slots__ = ("mid", "webhook_id")

    def __init__(self, delivery: Delivery) -> None:
        self.mid = str(json.loads(delivery.body)["message"]["id"])
        self.webhook_id = delivery.webhook_id


class Customer(Receiver):
    """A receiver that keeps little of each delivery, and can be taken away and put back."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: list[Arrival] = []
        self.hold_seconds = 0.0
        """How long it thinks about each delivery."""
        self.answer = self._note
        self._server: asyncio.Server | None = None
        self._port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    async def up(self) -> None:
        """Listen: on a free port at first, on the same later."""
        self._server = await asyncio.start_server(self.serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/"

    async def down(self) -> None:
        """Refuse connections and break those that are there; returns when none is left."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await end(tuple(self._serving))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One keep-alive connection."""
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._writers.add(writer)
        try:
            await super().serve(reader, writer)
        finally:
            self._writers.discard(writer)
            self._serving.discard(task)

    async def think(self) -> None:
        """Take the time that it takes."""
        if self.hold_seconds:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.hold_seconds):
                    await asyncio.Event().wait()

    def _note(self, delivery: Delivery) -> int:
        self.arrivals.append(Arrival(delivery))
        self.deliveries.clear()
        return 204
