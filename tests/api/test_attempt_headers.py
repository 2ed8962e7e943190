"""The log of attempts shows the headers of both sides: a whole gateway, real HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.gateways import messenger_text, running, signed
from tests.patience import SOON
from tests.receivers import receiving

pytestmark = pytest.mark.anyio


async def attempts_at(tmp_path: Path, url: str, delivered: Any) -> tuple[dict[str, Any], list[Any]]:
    """The endpoint at the URL, and the attempts of one message to it once `delivered` returns."""
    fields = {"url": url, "events": ["message.*"], "headers": {"X-Team": "orders"}, "retry_schedule": []}
    auth = {"type": "bearer", "token": "open-sesame"}
    async with running(tmp_path) as (_, http):
        made = (await http.post("/v1/endpoints", json={**fields, "auth": auth})).json()
        body = messenger_text("m_1")
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await delivered()
        async with asyncio.timeout(SOON):
            while not (found := (await http.get("/v1/deliveries?state=dead")).json()["data"]):
                pass
        attempts = (await http.get(f"/v1/deliveries/{found[0]['id']}/attempts")).json()["data"]
    return made, attempts


async def test_an_attempt_shows_what_was_sent_without_what_is_secret(tmp_path: Path) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: 500
        made, (attempt,) = await attempts_at(
            tmp_path, receiver.url, lambda: receiver.until(lambda arrived: len(arrived) == 1)
        )
    (arrived,) = receiver.deliveries
    headers = {name.lower(): value for name, value in attempt["request_headers"].items()}
    Webhook(made["secret"]).verify(arrived.body, headers)
    assert (headers["x-team"], headers["authorization"]) == ("(hidden)", "(hidden)")
    for name in ("content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"):
        assert headers[name] == arrived.headers[name]
    assert set(filter(None, arrived.headers)) - set(headers) == {"host", "accept", "content-length"}
