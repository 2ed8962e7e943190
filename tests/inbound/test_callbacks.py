"""Meta's privacy callbacks, over a whole gateway."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Refused
from gateway.app import Gateway
from gateway.inbound.signed_request import read
from tests.gateways import APP_SECRET, OLD_APP_SECRET, messenger_text, running, signed
from tests.store.conftest import STORES

pytestmark = pytest.mark.anyio

DELETION = "/webhooks/facebook/data-deletion"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def request(secret: str = APP_SECRET, **fields: Any) -> str:
    """What Meta puts into the form."""
    payload = encoded(json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1, **fields}).encode())
    signature = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    return f"{encoded(signature)}.{payload}"


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest) -> str:
    """Where the gateway keeps what it knows."""
    return STORES[request.param](request)


async def contact_id(http: httpx.AsyncClient) -> str:
    body = messenger_text("m_1")
    await http.post("/webhooks/facebook", content=body, headers=signed(body))
    return str((await http.get("/v1/contacts")).json()["data"][0]["id"])


async def finished(gateway: Gateway, http: httpx.AsyncClient, url: str, sentence: str) -> None:
    """Carry on what was begun, and read the page."""
    await gateway.erase()
    await gateway.match()
    await gateway.erase()
    page = await http.get(url)
    assert sentence in page.text and page.headers["content-type"].startswith("text/html")


async def test_a_person_known_by_the_apps_id_is_erased(tmp_path: Path, store: str) -> None:
    async with running(tmp_path, store=store, public_url="https://gateway.example") as (gateway, http):
        contact = await contact_id(http)
        asid = {"kind": "asid", "value": "10209", "scope": "2210"}
        await http.post(f"/v1/contacts/{contact}/link", json=asid)
        for secret in (APP_SECRET, OLD_APP_SECRET):
            form = {"signed_request": request(secret, user_id="10209")}
            answer = await http.post(DELETION, data=form)
            code = answer.json()["confirmation_code"]
            assert answer.json()["url"] == f"https://gateway.example{DELETION}/{code}"
            await gateway.erase()
        assert (await http.get(f"/v1/contacts/{contact}")).status_code == 404
        assert [one["event"] for one in (await http.get("/v1/events")).json()["data"]] == ["contact.erased"]


async def test_an_id_that_leads_to_nobody_waits_until_it_does(tmp_path: Path, store: str) -> None:
    async with running(tmp_path, store=store) as (gateway, http):
        contact = await contact_id(http)
        form = {"signed_request": request(user_id="10209")}
        url = (await http.post(DELETION, data=form)).json()["url"]
        assert (await http.post(DELETION, data=form)).json()["url"] == url
        await finished(gateway, http, url, "Your request is kept")
        asid = {"kind": "asid", "value": "10209", "scope": "2210"}
        await http.post(f"/v1/contacts/{contact}/link", json=asid)
        await finished(gateway, http, url, "has been deleted")
        assert "10209" not in (await http.get(url)).text


async def test_who_removes_the_app_keeps_the_conversation(tmp_path: Path, store: str) -> None:
    async with running(tmp_path, store=store) as (_, http):
        contact = await contact_id(http)
        asid = {"kind": "asid", "value": "10209", "scope": "2210"}
        await http.post(f"/v1/contacts/{contact}/link", json=asid)
        form = {"signed_request": request(user_id=10209)}
        assert (await http.post("/webhooks/facebook/deauthorize", data=form)).status_code == 200
        shown = (await http.get(f"/v1/contacts/{contact}")).json()
        assert shown["asid"] is None and len(shown["conversations"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "....",
        request("another secret of somebody", user_id="1"),
        request(algorithm="none", user_id="1"),
    ],
)
async def test_what_no_app_secret_signed_is_refused(tmp_path: Path, text: str) -> None:
    async with running(tmp_path) as (gateway, http):
        for path in (DELETION, "/webhooks/facebook/deauthorize"):
            assert (await http.post(path, data={"signed_request": text})).status_code == 401
        assert len(gateway.refusals.newest()) == 2


async def test_other_paths_lead_nowhere(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        assert (await http.post("/webhooks/elsewhere/data-deletion")).status_code == 404
        assert (await http.post("/webhooks/facebook/2210/data-deletion")).status_code == 404
        assert (await http.get(f"{DELETION}/no-such-code")).status_code == 404
        assert (await http.put(DELETION)).status_code == 405


@given(st.text())
def test_no_text_at_all_is_taken_without_a_signature(text: str) -> None:
    with pytest.raises(Refused):
        read(text, ("secret",))
