"""Posting pulled events to a program on this machine until it takes them."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
from msgspec import Struct

from gateway.cli.client import Unavailable
from gateway.cli.pulling import Log, PulledEvent

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
DEADLINE_SECONDS = 15.0
"""What a delivery has, if the endpoint does not say otherwise."""
_USER_AGENT = "social-gateway"
_CONTENT_TYPES = {"cloudevents": "application/cloudevents+json"}
"""By format, where it is not plain JSON."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One POST to the local program."""

    webhook_id: str
    event: str
    platform: str
    status: int | None
    error: str | None
    """Why there was no answer."""
    duration_ms: int

    @property
    def taken(self) -> bool:
        """Whether it was answered 2xx."""
        return self.status is not None and 200 <= self.status < 300


Show = Callable[[Attempt], None]


class Forwarder:
    """The local program, as events are posted to it."""

    def __init__(self, http: httpx.AsyncClient, url: str, format: str) -> None:
        self._http = http
        self._url = url
        content_type = _CONTENT_TYPES.get(format, "application/json")
        self._headers = {"content-type": content_type, "user-agent": _USER_AGENT}

    async def post(self, pulled: PulledEvent) -> Attempt:
        """The event as a delivery would bring it: same bytes, same headers."""
        begun = time.perf_counter()
        status, error = None, None
        try:
            headers = {**self._headers, **pulled.headers}
            status = (
                await self._http.post(self._url, content=bytes(pulled.event), headers=headers)
            ).status_code
        except httpx.HTTPError as failed:
            error = str(failed) or type(failed).__name__
        duration_ms = round((time.perf_counter() - begun) * 1_000)
        name, platform = _about(pulled)
        return Attempt(
            webhook_id=pulled.webhook_id,
            event=name,
            platform=platform,
            status=status,
            error=error,
            duration_ms=duration_ms,
        )


async def forward(log: Log, forwarder: Forwarder, show: Show, complain: Callable[[str], None]) -> None:
    """Every event, in order, each until it is taken; for ever. Raises Refused.

    An event that was not taken is pulled again and not kept, so that its signature is of the new attempt.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            answer = await log.next()
        except Unavailable as error:
            complain(str(error))
            taken = False
        else:
            attempts = [await forwarder.post(one) for one in answer.data]
            for attempt in attempts:
                show(attempt)
            taken = all(attempt.taken for attempt in attempts)
            if taken:
                log.take(answer)
        if taken:
            pause = FIRST_PAUSE_SECONDS
        else:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _about(pulled: PulledEvent) -> tuple[str, str]:
    """Name and platform; of Meta's own envelope, only what it says of itself."""
    body: dict[str, Any] = json.loads(bytes(pulled.event))
    event = body.get("data", body)
    return str(event.get("event", "-")), str(event.get("platform", event.get("object", "-")))
