"""One handler for Messenger, Instagram and WhatsApp.

pip install starlette uvicorn standardwebhooks
WEBHOOK_SECRET=whsec_… uvicorn handler:app --port 9000
"""

import os
from typing import Any

from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

webhook = Webhook(os.environ["WEBHOOK_SECRET"])
seen: set[str] = set()  # in production: a unique column in your database


def handle(event: dict[str, Any]) -> None:
    if event["event"] == "message.received":
        text = event["message"].get("body", f"({event['message']['type']})")
        print(f"{event['platform']} {event['from']} → {event['page_id']}: {text}", flush=True)


async def receive(request: Request) -> Response:
    try:
        event = webhook.verify(await request.body(), dict(request.headers))
    except Exception:  # the library raises several kinds for a malformed header
        return Response("wrong signature", status_code=401)
    if event["id"] not in seen:  # deliveries may repeat; the id does not change
        handle(event)
        seen.add(event["id"])
    return Response(status_code=204)


app = Starlette(routes=[Route("/", receive, methods=["POST"])])
