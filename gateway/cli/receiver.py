"""The local receiver of `gateway dev`: a customer's server in small, which checks every signature."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Received(Struct, frozen=True):
    """One delivery whose signature was right."""

    webhook_id: str
    event: dict[str, Any]


class Receiver:
    """Takes deliveries at `/`, answers 401 to a wrong signature, hands the rest to whoever waits."""

    def __init__(self) -> None:
        self.secret = ""
        self.queue: asyncio.Queue[Received] = asyncio.Queue()
        self.app = Starlette(routes=[Route("/", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        webhook_id = request.headers.get("webhook-id", "")
        timestamp = request.headers.get("webhook-timestamp", "")
        signatures = request.headers.get("webhook-signature", "").split()
        if not self._signed(f"{webhook_id}.{timestamp}.".encode() + body, signatures):
            return Response("wrong signature", status_code=401)
        self.queue.put_nowait(Received(webhook_id, json.loads(body)))
        return Response(status_code=204)

    def _signed(self, content: bytes, signatures: list[str]) -> bool:
        """Standard Webhooks 1.0: base64 HMAC-SHA256 over id.timestamp.body, any of the list."""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = b"v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256))
        return any(hmac.compare_digest(given.encode(), expected) for given in signatures)
