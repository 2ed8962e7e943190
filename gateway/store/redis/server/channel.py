"""One channel that all processes on a Redis listen to. A message reaches who listens at that moment."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.log import line, logger
from gateway.store.base import StoreUnavailable
from gateway.store.redis.server.connection import Connection
from gateway.store.redis.server.trouble import FOREIGN, translated, trouble

_PAUSE_SECONDS = 0.5
"""Before listening again after the way has broken."""
_SILENCE_SECONDS = 1.0


class Channel:
    """The channel of one database: Redis itself does not tell databases apart here."""

    def __init__(self, connection: Connection, hear: Callable[[str], Awaitable[None]]) -> None:
        self._connection = connection
        self._hear = hear
        self._name = f"{{gateway}}:channel:{connection.address.database}"

    async def say(self, message: str) -> None:
        """Send a message to all, this process included. Raises StoreUnavailable."""
        with translated():
            await self._connection.client.publish(self._name, message)

    async def listen(self) -> None:
        """Hear messages until cancelled, whatever breaks meanwhile."""
        while True:
            try:
                await self._listen()
            except FOREIGN as error:
                logger.warning(line("channel lost", reason=trouble(error)))
            except StoreUnavailable as error:
                logger.warning(line("message not followed", reason=error))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen(self) -> None:
        async with self._subscription() as subscription:
            await subscription.subscribe(self._name)
            while True:
                message = await subscription.get_message(
                    ignore_subscribe_messages=True, timeout=_SILENCE_SECONDS
                )
                if message is not None:
                    await self._hear(message["data"].decode())

    @contextlib.asynccontextmanager
    async def _subscription(self) -> Any:
        subscription = self._connection.client.pubsub()
        try:
            yield subscription
        finally:
            with contextlib.suppress(*FOREIGN):
                await subscription.aclose()
