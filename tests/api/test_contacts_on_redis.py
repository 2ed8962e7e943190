"""Contacts over real HTTP, from two processes on one Redis: what one of them learns, the other tells."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateways import messenger_text, signed
from tests.redis_servers import RedisServer
from tests.servers import free_port, ready, serving

pytestmark = pytest.mark.anyio

Pair = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest.fixture
async def pair(tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[Pair]:
    """One process that receives and one that does everything."""
    async with AsyncExitStack() as stack:
        clients = []
        for role in ("all", "ingest"):
            port = free_port()
            stack.enter_context(serving(tmp_path, port, role, store=f"{redis_server.url}?shards=4"))
            clients.append(await ready(port))
            stack.push_async_callback(clients[-1].aclose)
        yield clients[1], clients[0]


async def receive(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
    assert answer.status_code == 200


async def opt_out(http: httpx.AsyncClient, psid: str) -> None:
    item = {"sender": {"id": psid}, "recipient": {"id": "1001"}, "timestamp": 1747231892200, "optout": {}}
    entry = {"id": "1001", "time": 1747231892200, "messaging": [item]}
    await receive(http, json.dumps({"object": "page", "entry": [entry]}).encode())


async def listed(http: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    return list((await http.get("/v1/contacts", params=query)).json()["data"])


async def test_a_contact_is_found_opted_out_merged_and_goes_on(pair: Pair) -> None:
    receiving, telling = pair
    await receive(receiving, messenger_text("m_1", psid="7001"))
    (old,) = await listed(telling, identity="7001")
    await opt_out(receiving, "7001")
    (stale,) = await listed(telling, stale="true", page_id="1001")
    assert stale["identities"][0]["stale_reason"] == "opted_out"
    assert stale["consents"][0]["state"] == "opted_out"
    await receive(telling, messenger_text("m_2", psid="7002"))
    (new,) = await listed(receiving, stale="false")
    merged = await receiving.post(f"/v1/contacts/{new['id']}/merge", json={"contact_id": old["id"]})
    assert merged.json()["id"] == old["id"]
    await receive(receiving, messenger_text("m_3", psid="7002"))
    shown = (await telling.get(f"/v1/contacts/{new['id']}")).json()
    assert shown["id"] == old["id"] and len(shown["conversations"]) == 1
    exported = (await telling.get(f"/v1/contacts/{old['id']}/export")).json()
    assert {one["message"]["id"] for one in exported["events"] if "message" in one} == {"m_1", "m_2", "m_3"}


async def test_an_identity_is_linked_and_unlinked_and_never_twice(pair: Pair) -> None:
    receiving, telling = pair
    for page in ("1001", "1002", "1003"):
        await receive(receiving, messenger_text(f"m_{page}", page=page, psid=f"7{page}"))
    one, two, _ = await listed(telling)
    asid = {"kind": "asid", "value": "10209", "scope": "2210"}
    assert (await telling.post(f"/v1/contacts/{one['id']}/link", json=asid)).json()["asid"] == "10209"
    taken = await receiving.post(f"/v1/contacts/{two['id']}/link", json=asid)
    assert taken.json()["code"] == "identity_in_use"
    assert [found["id"] for found in await listed(receiving, identity="10209")] == [one["id"]]
    assert (await telling.post(f"/v1/contacts/{one['id']}/unlink", json=asid)).json()["asid"] is None
    assert await listed(receiving, identity="10209") == []
