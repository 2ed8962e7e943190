"""Reading a pull endpoint from outside: one event at a time, so that what is acknowledged has been taken."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from gateway.cli.client import Client

WAIT_SECONDS = 20
"""How long the server holds a poll when there is nothing."""


class PulledEvent(Struct, frozen=True):
    """An event as `/v1/poll` gives it."""

    webhook_id: str
    headers: dict[str, str]
    """Signed at the moment of the poll."""
    event: Raw


class Answer(Struct, frozen=True):
    """What a poll brings: one event or none, and the cursor that acknowledges it."""

    data: list[PulledEvent]
    cursor: str


_answer = msgspec.json.Decoder(Answer)


class Log:
    """An endpoint's place in the log."""

    def __init__(self, client: Client, endpoint_id: str) -> None:
        self._client = client
        self._endpoint_id = endpoint_id
        self._taken: str | None = None

    async def next(self) -> Answer:
        """The event behind what was taken, the same one until it is. Raises Refused, Unavailable."""
        return await self._poll(WAIT_SECONDS)

    def take(self, answer: Answer) -> None:
        """It is done: the next poll acknowledges it."""
        self._taken = answer.cursor

    async def acknowledge(self) -> None:
        """Say what was taken last, without waiting for more. Raises Refused, Unavailable."""
        await self._poll(0)

    async def _poll(self, wait_seconds: int) -> Answer:
        body: dict[str, Any] = {"endpoint_id": self._endpoint_id, "limit": 1, "wait_seconds": wait_seconds}
        if self._taken is not None:
            body["cursor"] = self._taken
        return _answer.decode(await self._client.fetch("POST", "/v1/poll", body))
