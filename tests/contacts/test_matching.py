"""A person's other ids, asked of the platform with a proof, over real HTTP."""

import hashlib
import hmac
from pathlib import Path

import pytest

from tests.contacts.graphs import graph_server
from tests.contacts.test_profiles import connect, contact, write
from tests.gateways import APP_SECRET, running
from tests.inbound.test_callbacks import request

pytestmark = pytest.mark.anyio


def proof(token: str, secret: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


async def test_the_apps_id_of_a_person_is_found_behind_an_empty_page(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as (_, http):
        graph.profiles["ids_for_apps"] = (200, {"data": [], "paging": {"cursors": {"after": "next"}}})
        asid = {"id": "10209", "app": {"id": "2210", "name": "Shop"}}
        graph.profiles["ids_for_apps after next"] = (200, {"data": [asid]})
        await connect(http)
        await write(http, "7001")
        found = await contact(http, "7001")
        matched = await http.post(f"/v1/contacts/{found['id']}/match-ids")
        assert matched.json()["asid"] == "10209"
        assert (await contact(http, "10209"))["id"] == found["id"]
        assert f"appsecret_proof={proof('token-of-the-page', APP_SECRET)}" in graph.queries[-1]


async def test_an_erasure_that_waits_finds_its_person(tmp_path: Path) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (gateway, http):
        await connect(http)
        await write(http, "7001")
        app = {"id": "2210", "app_secrets": ["the-secret-of-2210"], "verify_token": "a-verify-token"}
        await http.post("/v1/apps", json=app)
        psid = {"id": "7001", "page": {"id": "1001"}}
        graph.profiles["ids_for_pages"] = (200, {"data": [psid]})
        form = {"signed_request": request("the-secret-of-2210", user_id="10209")}
        asked = await http.post("/webhooks/facebook/2210/data-deletion", data=form)
        await gateway.match()
        await gateway.erase()
        assert "has been deleted" in (await http.get(asked.json()["url"])).text
        assert (await http.get("/v1/contacts")).json()["data"] == []


async def test_who_has_logged_in_is_found_on_the_pages_and_linked(tmp_path: Path) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (_, http):
        await connect(http)
        await write(http, "7001")
        app = {"id": "2210", "app_secrets": ["the-secret-of-2210"], "verify_token": "a-verify-token"}
        await http.post("/v1/apps", json=app)
        found = [{"id": "7001", "page": {"id": "1001"}}, {"id": "7777", "page": {"id": "of-others"}}]
        graph.profiles["ids_for_pages"] = (200, {"data": found})
        asked = await http.post("/v1/contacts/match-ids", json={"asid": "10209", "app_id": "2210"})
        told = asked.json()
        assert told["identities"] == [{"kind": "psid", "value": "7001", "scope": "1001"}]
        assert [one["asid"] for one in told["contacts"]] == ["10209"]
        assert (await contact(http, "10209"))["id"] == told["contacts"][0]["id"]
        token = "2210|the-secret-of-2210"
        assert f"appsecret_proof={proof(token, 'the-secret-of-2210')}" in graph.queries[-1]


async def test_an_app_that_is_not_known_finds_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, http):
        asked = await http.post("/v1/contacts/match-ids", json={"asid": "10209", "app_id": "none"})
        assert (asked.status_code, asked.json()["code"]) == (404, "not_found")


async def test_an_answer_that_the_platform_owes_is_no_empty_list(tmp_path: Path) -> None:
    async with graph_server() as graph, running(tmp_path, graph_url=graph.url) as (_, http):
        app = {"id": "2210", "app_secrets": ["the-secret-of-2210"], "verify_token": "a-verify-token"}
        await http.post("/v1/apps", json=app)
        graph.profiles["ids_for_pages"] = (503, {})
        asked = await http.post("/v1/contacts/match-ids", json={"asid": "10209", "app_id": "2210"})
        assert (asked.status_code, asked.json()["code"]) == (503, "graph_unreachable")
