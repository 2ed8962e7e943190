"""The plain pipeline: the gateway a good developer writes in an afternoon, with the obvious parts.

Starlette, SQLite with one commit per change, one shared httpx client, a background task per event.
It keeps the same promises on the straight path: verified, durable before the 200, deduplicated, signed,
retried, the outcome recorded.
    python -m bench.plain PORT SINK_URL, with PLAIN_DATABASE, PLAIN_APP_SECRET, PLAIN_ENDPOINT_SECRET set
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Event = dict[str, Any]

_RETRY_AFTER = (5, 30, 120, 600)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, received_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', attempts INTEGER NOT NULL DEFAULT 0)
"""


def normalise(platform: str, payload: Any) -> list[Event]:
    """The text messages of an envelope in one shape for all platforms."""
    events = []
    for entry in payload["entry"]:
        for item in entry.get("messaging", []):
            events.append(_messaging(platform, entry["id"], item))
        for change in entry.get("changes", []):
            value = change["value"]
            for item in value.get("messages", []):
                events.append(_whatsapp(value["metadata"]["phone_number_id"], item))
    return events


def _messaging(platform: str, page_id: str, item: Any) -> Event:
    message, sender = item["message"], item["sender"]["id"]
    content = {"type": "text", "id": message["mid"], "body": message.get("text")}
    return _event(platform, page_id, sender, item["timestamp"] // 1000, content)


def _whatsapp(page_id: str, item: Any) -> Event:
    content = {"type": item["type"], "id": item["id"], "body": item.get("text", {}).get("body")}
    return _event("whatsapp", page_id, item["from"], int(item["timestamp"]), content)


def _event(platform: str, page_id: str, sender: str, timestamp: int, message: Event) -> Event:
    return {
        "id": _digest("evt", platform, page_id, message["id"]),
        "platform": platform,
        "event": "message.received",
        "timestamp": timestamp,
        "from": sender,
        "page_id": page_id,
        "conversation_id": _digest("conv", platform, page_id, sender),
        "message": message,
        "signature_verified": True,
    }


def _digest(prefix: str, *parts: str) -> str:
    return f"{prefix}_{hashlib.sha256(':'.join(parts).encode()).hexdigest()[:26]}"


class Pipeline:
    """What the handlers share: the database, the client and the secrets."""

    def __init__(self, sink_url: str) -> None:
        self._sink_url = sink_url
        self._app_secret = os.environ["PLAIN_APP_SECRET"].encode()
        self._key = base64.b64decode(os.environ["PLAIN_ENDPOINT_SECRET"].removeprefix("whsec_"))
        self._client = httpx.AsyncClient(timeout=15)
        self._database = sqlite3.connect(os.environ["PLAIN_DATABASE"])
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute(_SCHEMA)

    async def webhook(self, request: Request) -> Response:
        """Verify, parse, store, answer; deliver afterwards."""
        body = await request.body()
        if not self._genuine(body, request.headers.get("x-hub-signature-256", "")):
            return Response("The signature is not valid.", status_code=401)
        tasks = BackgroundTasks()
        for event in normalise(request.path_params["platform"], json.loads(body)):
            if self._store(event):
                tasks.add_task(self._deliver, event["id"], json.dumps(event))
        return JSONResponse({"ok": True}, background=tasks)

    async def close(self) -> None:
        await self._client.aclose()
        self._database.close()

    def _genuine(self, body: bytes, given: str) -> bool:
        expected = "sha256=" + hmac.new(self._app_secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), given.encode())

    def _store(self, event: Event) -> bool:
        """False: it was there already."""
        with self._database:
            cursor = self._database.execute(
                "INSERT OR IGNORE INTO events (id, body, received_at) VALUES (?, ?, ?)",
                (event["id"], json.dumps(event), time.time()),
            )
        return cursor.rowcount == 1

    async def _deliver(self, event_id: str, body: str) -> None:
        for attempt, pause in enumerate((*_RETRY_AFTER, 0), start=1):
            delivered = await self._post(event_id, body)
            self._record(event_id, "delivered" if delivered else "failed", attempt)
            if delivered:
                return
            await asyncio.sleep(pause)

    async def _post(self, event_id: str, body: str) -> bool:
        try:
            response = await self._client.post(
                self._sink_url, content=body, headers=self._headers(event_id, body)
            )
        except httpx.HTTPError:
            return False
        return response.is_success

    def _headers(self, event_id: str, body: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        digest = hmac.new(self._key, f"{event_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
        return {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        }

    def _record(self, event_id: str, state: str, attempts: int) -> None:
        with self._database:
            self._database.execute(
                "UPDATE events SET state = ?, attempts = ? WHERE id = ?", (state, attempts, event_id)
            )


def application(sink_url: str) -> Starlette:
    """The ASGI application, delivering to `sink_url`."""
    pipeline = Pipeline(sink_url)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await pipeline.close()

    routes = [Route("/webhooks/{platform}", pipeline.webhook, methods=["POST"])]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    # httpcore looks for this optional package several times per request; where it is missing, each look
    # searches the whole path and costs httpx a quarter of its speed. That is no design's fault.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    uvicorn.run(
        application(sys.argv[2]),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
