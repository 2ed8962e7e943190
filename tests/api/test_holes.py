"""Three ways in which one customer could get at another's messages, and what closes each."""

from pathlib import Path

import httpx
import msgspec
import pytest

from tests.gateways import ADMIN_KEY, messenger_text, running, signed

pytestmark = pytest.mark.anyio

MINE, THEIRS = "1001", "2002"


async def customer_with_page(http: httpx.AsyncClient, page_id: str, **account: str) -> dict[str, str]:
    """A new customer that owns a page; the headers of a key of it."""
    customer_id = (await http.post("/v1/customers", json={"name": page_id})).json()["id"]
    key = (await http.post(f"/v1/customers/{customer_id}/keys", json={"scopes": ["admin"]})).json()["key"]
    body = {"platform": "facebook", "page_id": page_id, "customer_id": customer_id, **account}
    assert (await http.post("/v1/accounts", json=body)).status_code == 201
    return {"authorization": f"Bearer {key}"}


def batch(*bodies: bytes) -> bytes:
    """One POST with the entries of several."""
    entries = [entry for body in bodies for entry in msgspec.json.decode(body)["entry"]]
    return msgspec.json.encode({"object": "page", "entry": entries})


async def received(http: httpx.AsyncClient, headers: dict[str, str]) -> list[str]:
    """The ids of the messages that a caller sees."""
    listed = await http.get("/v1/events?event=message.received", headers=headers)
    return [event["message"]["id"] for event in listed.json()["data"]]


async def test_a_batch_of_several_pages_shows_each_customer_only_its_own_bytes(tmp_path: Path) -> None:
    body = batch(messenger_text("m_mine", page=MINE), messenger_text("m_theirs", page=THEIRS))
    async with running(tmp_path) as (_, http):
        mine, theirs = [await customer_with_page(http, page) for page in (MINE, THEIRS)]
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        events = (await http.get("/v1/events?event=message.received", headers=mine)).json()["data"]
        raw = await http.get(f"/v1/events/{events[0]['id']}/raw", headers=mine)
        foreign = await http.get(f"/v1/events/{events[0]['id']}/raw", headers=theirs)
    assert [event["message"]["id"] for event in events] == ["m_mine"]
    assert "m_mine" in raw.text
    assert "m_theirs" not in raw.text
    assert THEIRS not in raw.text
    assert foreign.status_code == 404


async def test_a_page_cannot_be_claimed_with_a_foreign_key(tmp_path: Path) -> None:
    body = messenger_text("m_1", page=MINE)
    claim = {"platform": "facebook", "page_id": MINE}
    async with running(tmp_path) as (_, http):
        mine, theirs = [await customer_with_page(http, page) for page in (MINE, THEIRS)]
        for page_id in (MINE, "3003"):
            refused = await http.post("/v1/accounts", json={**claim, "page_id": page_id}, headers=theirs)
            assert refused.status_code == 422
            assert refused.json()["errors"][0]["field"] == "access_token"
        owned = await http.post("/v1/accounts", json=claim)
        assert (owned.status_code, owned.json()["code"]) == (409, "page_owned")
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        assert await received(http, mine) == ["m_1"]
        assert await received(http, theirs) == []


async def test_one_apps_secret_cannot_forge_another_apps_page(tmp_path: Path) -> None:
    secrets = {"app_1": "secret-of-app-one", "app_2": "secret-of-app-two"}
    operator = {"authorization": f"Bearer {ADMIN_KEY}"}
    async with running(tmp_path) as (_, http):
        for app_id, secret in secrets.items():
            app = {"id": app_id, "app_secrets": [secret], "verify_token": f"token-of-{app_id}"}
            await http.post("/v1/apps", json=app)
        mine = await customer_with_page(http, MINE, app_id="app_1")
        for number, (path, secret) in enumerate(
            [
                ("app_2", secrets["app_2"]),
                ("app_1", secrets["app_2"]),
                ("app_2", secrets["app_1"]),
                ("app_1", secrets["app_1"]),
            ]
        ):
            body = messenger_text(f"m_{number}", page=MINE)
            await http.post(f"/webhooks/facebook/{path}", content=body, headers=signed(body, secret))
        unrouted = await http.get("/v1/events?unrouted=true&event=message.received", headers=operator)
        assert await received(http, mine) == ["m_3"]
    assert [event["message"]["id"] for event in unrouted.json()["data"]] == ["m_0"]
