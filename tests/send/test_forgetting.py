"""Who is forgotten is forgotten in the outbox too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, running, signed
from tests.patience import SOON
from tests.receivers import Receiver, receiving

pytestmark = pytest.mark.anyio
PSID = "7001"
TO = {
    "platform": "facebook",
    "page_id": "1001",
    "to": PSID,
    "message": {"type": "text", "body": "secret words"},
}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway whose page 1001 has a token; the platform cannot be reached."""
    async with running(tmp_path, graph_url="http://127.0.0.1:9") as (_, client):
        page = {"platform": "facebook", "page_id": "1001", "access_token": "EAAB-token"}
        await client.post("/v1/accounts", json=page)
        yield client


async def test_a_message_to_who_is_forgotten_goes_with_them(http: httpx.AsyncClient) -> None:
    sent = (await http.post("/v1/messages", json=TO)).json()
    forgotten = {"platform": "facebook", "kind": "psid", "value": PSID, "scope": "1001"}
    assert (await http.post("/v1/erasures", json=forgotten)).status_code in (200, 201, 202)
    async with asyncio.timeout(SOON):
        while (await http.get(f"/v1/messages/{sent['id']}")).status_code == 200:
            pass
    assert (await http.get("/v1/messages")).json()["data"] == []


class Thinking(Receiver):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.decided = asyncio.Event(), asyncio.Event()

    async def think(self) -> None:
        self.asked.set()
        async with asyncio.timeout(SOON):
            await self.decided.wait()


async def test_a_reply_to_who_was_forgotten_meanwhile_goes_nowhere(tmp_path: Path) -> None:
    thinking = Thinking()
    thinking.answer, thinking.content = lambda _: 200, lambda _: b'{"reply": "and welcome"}'
    async with receiving(thinking) as receiver, running(tmp_path) as (gateway, http):
        hook = {"url": receiver.url, "events": ["message.received"], "replies": True}
        await http.post("/v1/endpoints", json=hook)
        page = {"platform": "facebook", "page_id": "1001", "access_token": "EAAB-token"}
        await http.post("/v1/accounts", json=page)
        body = messenger_text("m_1", psid=PSID)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        async with asyncio.timeout(SOON):
            await thinking.asked.wait()
        (contact,) = (await http.get("/v1/contacts")).json()["data"]
        await http.delete(f"/v1/contacts/{contact['id']}")
        await gateway.erase()
        thinking.decided.set()
        await receiver.until(lambda deliveries: len(deliveries) == 1)
    async with running(tmp_path) as (_, http):
        assert (await http.get("/v1/messages")).json()["data"] == []
        told = (await http.get("/v1/events")).json()["data"]
        assert [one["event"] for one in told] == ["contact.erased"]
