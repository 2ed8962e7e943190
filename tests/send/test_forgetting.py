"""Who is forgotten is forgotten in the outbox too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.gateways import running
from tests.patience import SOON

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
