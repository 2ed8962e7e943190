"""Customers whose endpoints can be slow or gone, and what arrived there."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress

from tests.receivers import Delivery, Receiver
from tests.streams import listening


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
        self._port = 0
        self._listening = AsyncExitStack()

    async def up(self) -> None:
        """Listen: on a free port at first, on the same later."""
        self._port = await self._listening.enter_async_context(listening(self.serve, self._port))
        self.url = f"http://127.0.0.1:{self._port}/"

    async def down(self) -> None:
        """Refuse connections and break those that are there; returns when none is left."""
        await self._listening.aclose()

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
