"""A whole gateway that keeps as little as its customer wants."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contacts.graphs import graph_server
from tests.contacts.test_profiles import ada, connect, contact, fetched, write
from tests.gateways import running
from tests.patience import SOON
from tests.receivers import receiving

pytestmark = pytest.mark.anyio


def everything_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


async def sparing(http: httpx.AsyncClient, **keep: Any) -> None:
    answer = await http.patch("/v1/customers/default", json={"keep": keep})
    assert answer.status_code == 200


async def emptied(http: httpx.AsyncClient) -> dict[str, Any]:
    """The one message there is, as soon as it says that it is empty."""
    async with asyncio.timeout(SOON):
        while True:
            answer = await http.get("/v1/events?event=message.received")
            (event,) = answer.json()["data"]
            if event.get("content_removed"):
                return dict(event)


async def test_a_delivered_event_is_listed_and_empty(tmp_path: Path) -> None:
    async with receiving() as receiver, running(tmp_path) as (_, http):
        await http.post("/v1/endpoints", json={"url": receiver.url})
        await sparing(http, content=False)
        await write(http, "7001")
        event = await emptied(http)
        (arrived,) = [one.event for one in receiver.deliveries if one.event["event"] == "message.received"]
        assert arrived["message"]["body"] == "hi" and arrived["id"] == event["id"]
        assert event.keys().isdisjoint({"from", "message", "contact", "raw"})
        path = f"/v1/events/{event['id']}"
        for refused in (
            await http.post(f"{path}/redeliver", json={}),
            await http.get(f"/v1/media/{event['id']}/0"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (410, "content_removed")
        assert (await http.get(f"{path}/raw")).json()["code"] == "raw_expired"


async def test_raw_elements_are_never_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        await sparing(http, raw=False)
        await write(http, "7001")
        (event,) = (await http.get("/v1/events?event=message.received")).json()["data"]
        assert event["message"]["body"] == "hi"
        answer = await http.get(f"/v1/events/{event['id']}/raw")
        assert (answer.status_code, answer.json()["code"]) == (410, "raw_expired")
    assert b'"messaging"' not in everything_in(tmp_path)


async def test_only_the_fields_that_are_wanted_are_asked_for(tmp_path: Path) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (_, http):
        graph.profiles["7001"] = ada()
        await connect(http)
        await sparing(http, profile=["first_name"])
        await write(http, "7001")
        await fetched(http, "7001")
        assert graph.queries == ["fields=first_name"]


async def test_where_no_field_is_wanted_nobody_is_asked(tmp_path: Path) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (_, http):
        await connect(http)
        await sparing(http, profile=[])
        await write(http, "7001")
        found = await contact(http, "7001")
        await http.post(f"/v1/contacts/{found['id']}/refresh")
        assert graph.asked == [] and (await contact(http, "7001"))["profile"] is None
