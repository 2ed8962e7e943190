"""A gateway that is killed while it erases somebody goes on with that when it is started again."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateways import messenger_text, signed
from tests.patience import SOON
from tests.servers import free_port, ready, serving
from tests.store.conftest import STORES

pytestmark = pytest.mark.anyio

PERSON = {"platform": "facebook", "kind": "psid", "value": "3001", "scope": "1001"}
MESSAGES = 400


async def write(http: httpx.AsyncClient) -> None:
    """Somebody writes a lot, and somebody else once."""
    for number in range(MESSAGES):
        body = messenger_text(f"m_{number}", psid="3001")
        assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success
    body = messenger_text("m_other", psid="2002")
    assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success


async def shown(http: httpx.AsyncClient, code: str, *states: str) -> dict[str, Any]:
    """The erasure, as soon as it is in one of these states or has erased something. Raises TimeoutError."""
    async with asyncio.timeout(SOON):
        while True:
            erasure = dict((await http.get(f"/v1/erasures/{code}")).json())
            if erasure["state"] in states or (not states and erasure["events"]):
                return erasure


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
async def test_an_erasure_outlives_the_gateway(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    store, port = STORES[kind](request), free_port()
    with serving(tmp_path, port, store=store) as process:
        async with aclosing(await ready(port)) as http:
            await write(http)
            begun = (await http.post("/v1/erasures", json=PERSON)).json()
            await shown(http, begun["code"])
            process.kill()
    with serving(tmp_path, port, store=store):
        async with aclosing(await ready(port)) as http:
            done = await shown(http, begun["code"], "done")
            assert done["events"] == MESSAGES + 1
            left = (await http.get("/v1/events", params={"event": "message.received"})).json()["data"]
            assert [one["from"] for one in left] == ["2002"]
            told = (await http.get("/v1/events", params={"event": "contact.erased"})).json()["data"]
            assert len(told) == 1
