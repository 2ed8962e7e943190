"""Profiles in a whole gateway: asked for when somebody writes, kept, and compared with who is lost."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Identity
from gateway.app import Gateway
from tests.contacts.graphs import graph_server
from tests.gateways import messenger_text, running, signed
from tests.patience import SOON

pytestmark = pytest.mark.anyio

PICTURE = "https://scontent.example/v/358123456_1029384756_5647382910_n.jpg?oh={}"


def ada(signature: str = "a") -> tuple[int, dict[str, Any]]:
    fields = {"first_name": "Ada", "last_name": "Lovelace", "locale": "pt_BR"}
    return 200, {**fields, "profile_pic": PICTURE.format(signature)}


async def connect(http: httpx.AsyncClient) -> None:
    page = {"platform": "facebook", "page_id": "1001", "access_token": "token-of-the-page"}
    await http.post("/v1/accounts", json=page)


async def write(http: httpx.AsyncClient, psid: str, mid: str = "m_1") -> None:
    body = messenger_text(mid, psid=psid)
    await http.post("/webhooks/facebook", content=body, headers=signed(body))


async def contact(http: httpx.AsyncClient, psid: str) -> dict[str, Any]:
    return dict((await http.get(f"/v1/contacts?identity={psid}")).json()["data"][0])


async def fetched(http: httpx.AsyncClient, psid: str) -> dict[str, Any]:
    """The contact, as soon as the platform was asked."""
    async with asyncio.timeout(SOON):
        found = await contact(http, psid)
        while found["profile"] is None:
            found = await contact(http, psid)
    return found


async def test_who_writes_gets_a_name_and_is_asked_for_once(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as (_, http):
        graph.profiles["7001"] = ada()
        await connect(http)
        for mid in ("m_1", "m_2", "m_3"):
            await write(http, "7001", mid)
        found = await fetched(http, "7001")
        assert (found["name"], found["locale"]) == ("Ada Lovelace", "pt_BR")
        assert graph.asked == ["7001"] and graph.tokens == {"token-of-the-page"}


@pytest.mark.parametrize(
    ("status", "answer", "missing"),
    [
        (200, {}, "empty"),
        (400, {"error": {"code": 230, "message": "x"}}, "no_consent"),
        (400, {"error": {"code": 100, "error_subcode": 2018218, "message": "x"}}, "no_profile"),
        (400, {"error": {"code": 100, "error_subcode": 33, "message": "x"}}, "not_visible"),
    ],
)
async def test_that_there_is_none_is_an_answer_too(
    tmp_path: Path, stored: str, status: int, answer: dict[str, Any], missing: str
) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as (_, http):
        graph.profiles["7001"] = (status, answer)
        await connect(http)
        await write(http, "7001")
        found = await fetched(http, "7001")
        assert found["profile"]["missing"] == missing and found["name"] is None


def envelope(**item: Any) -> bytes:
    """A Messenger envelope with one item from 7001."""
    sides = {"sender": {"id": "7001"}, "recipient": {"id": "1001"}, "timestamp": 1747231892100}
    return json.dumps({"object": "page", "entry": [{"id": "1001", "messaging": [sides | item]}]}).encode()


REFERRAL = {"source": "ADS", "type": "OPEN_THREAD", "ad_id": "77"}
REACTION = {"reaction": "love", "emoji": "❤", "action": "react", "mid": "m_1"}


@pytest.mark.parametrize(
    ("item", "asks"),
    [
        ({"postback": {"title": "Get Started", "payload": "START"}}, True),
        ({"optin": {"ref": "website"}}, True),
        ({"optin": {"ref": "website", "user_ref": "u_1"}}, False),
        ({"referral": REFERRAL}, False),
        ({"reaction": REACTION}, False),
        ({"read": {"watermark": 1747231892100}}, False),
    ],
)
async def test_only_what_allows_a_profile_asks_for_one(
    tmp_path: Path, item: dict[str, Any], asks: bool
) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (_, http):
        await connect(http)
        body = envelope(**item)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await write(http, "7002")
        await fetched(http, "7002")
        assert ("7001" in graph.asked) == asks


async def test_a_refresh_asks_whatever_is_cached(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as (_, http):
        await connect(http)
        await write(http, "7001")
        found = await fetched(http, "7001")
        graph.profiles["7001"] = ada()
        async with asyncio.timeout(SOON):
            while found["name"] != "Ada Lovelace":  # the request before may not be over, and is shared
                found = (await http.post(f"/v1/contacts/{found['id']}/refresh")).json()


async def test_a_page_without_a_token_asks_nobody(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as (_, http):
        await write(http, "7001")
        found = await contact(http, "7001")
        assert (await http.post(f"/v1/contacts/{found['id']}/refresh")).json()["profile"] is None
        assert graph.asked == []


async def suspected(gateway: Gateway, http: httpx.AsyncClient) -> dict[str, Any]:
    """7001 has become unreachable, and somebody who looks the same writes as 7002."""
    await write(http, "7001")
    await fetched(http, "7001")
    lost = Identity("psid", "7001", "1001")
    await gateway.store.people.mark_stale("facebook", lost, "unreachable", 1)
    await write(http, "7002", "m_2")
    await fetched(http, "7002")
    async with asyncio.timeout(SOON):
        found: list[Any] = []
        while not found:
            found = (await http.get("/v1/events?event=contact.identity_suspected")).json()["data"]
    return dict(found[0])


async def test_who_comes_back_under_another_id_is_suspected_and_confirmed(
    tmp_path: Path, stored: str
) -> None:
    async with (
        graph_server() as graph,
        running(tmp_path, store=stored, graph_url=graph.url) as (gateway, http),
    ):
        graph.profiles |= {"7001": ada("a"), "7002": ada("b")}
        await connect(http)
        old_id = (await suspected(gateway, http))["identity"]["details"]["previous_contact_id"]
        new, old = await contact(http, "7002"), await contact(http, "7001")
        assert old["id"] == old_id != new["id"]
        path = f"/v1/contacts/{new['id']}/confirm-identity"
        confirmed = (await http.post(path, json={"suspect": old_id})).json()
        assert confirmed["id"] == old_id and confirmed["is_active"]
        again = await http.post(path, json={"suspect": old_id})
        assert (again.status_code, again.json()["id"]) == (200, old_id)
        await write(http, "7002", "m_3")
        events = (await http.get(f"/v1/events?conversation_id={old['conversations'][0]['id']}")).json()
        assert events["data"][0]["message"]["id"] == "m_3"


async def test_a_rejected_suspicion_leaves_two_people(tmp_path: Path, stored: str) -> None:
    async with (
        graph_server() as graph,
        running(tmp_path, store=stored, graph_url=graph.url) as (gateway, http),
    ):
        graph.profiles |= {"7001": ada("a"), "7002": ada("b")}
        await connect(http)
        await suspected(gateway, http)
        new, old = await contact(http, "7002"), await contact(http, "7001")
        body = {"suspect": old["id"], "same_person": False}
        await http.post(f"/v1/contacts/{new['id']}/confirm-identity", json=body)
        assert await gateway.store.people.suspects("facebook", Identity("psid", "7002", "1001")) == ()
        assert (await contact(http, "7001"))["id"] == old["id"]
