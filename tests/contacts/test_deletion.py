"""Meta's deletion callback, for people who are a contact on each of several Pages, over real HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app import Gateway
from tests.contacts.graphs import GraphServer, graph_server
from tests.contacts.test_matching import proof
from tests.contacts.test_profiles import contact
from tests.gateways import APP_SECRET, messenger_text, running, signed
from tests.inbound.test_callbacks import DELETION, request

pytestmark = pytest.mark.anyio

PEOPLE = {"1001": "7001", "1002": "8001"}
"""Page → the PSID of one and the same person."""
BUSY: tuple[int, dict[str, Any]] = (500, {"error": {"code": 2, "message": "x", "is_transient": True}})


async def write_to_both(http: httpx.AsyncClient) -> None:
    """The person writes to two Pages, and somebody else to one of them."""
    for page, psid in (*PEOPLE.items(), ("1001", "7002")):
        account = {"platform": "facebook", "page_id": page, "access_token": f"token-of-{page}"}
        await http.post("/v1/accounts", json=account)
        body = messenger_text(f"m_{psid}", page=page, psid=psid)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))


def tell(graph: GraphServer) -> None:
    """Meta knows the app of the tokens, and the person's PSIDs."""
    rows = [{"id": psid, "page": {"id": page}} for page, psid in PEOPLE.items()]
    graph.profiles["debug_token"] = (200, {"data": {"app_id": "2210", "is_valid": True}})
    graph.profiles["ids_for_pages"] = (200, {"data": rows})


async def log_in(http: httpx.AsyncClient) -> None:
    """The app's id of whoever is known as 7001."""
    asid = {"kind": "asid", "value": "10209", "scope": "2210"}
    await http.post(f"/v1/contacts/{(await contact(http, '7001'))['id']}/link", json=asid)


async def ask(http: httpx.AsyncClient, path: str = DELETION) -> str:
    form = {"signed_request": request(user_id="10209")}
    return str((await http.post(path, data=form)).json()["url"])


async def outcome(gateway: Gateway, http: httpx.AsyncClient, url: str) -> tuple[str, set[str]]:
    """What the page says, and who is left."""
    await gateway.erase()
    await gateway.match()
    await gateway.erase()
    left = (await http.get("/v1/contacts")).json()["data"]
    return (await http.get(url)).text, {one["identities"][0]["value"] for one in left}


async def test_who_asks_at_the_path_without_an_app_is_gone_from_every_page(
    tmp_path: Path, stored: str
) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        await write_to_both(http)
        page, left = await outcome(gateway, http, await ask(http))
        assert "has been deleted" in page and left == {"7002"}
        assert any(
            f"appsecret_proof={proof(f'2210|{APP_SECRET}', APP_SECRET)}" in one for one in graph.queries
        )


async def test_a_person_known_on_one_page_is_looked_for_on_the_others(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        await write_to_both(http)
        await log_in(http)
        page, left = await outcome(gateway, http, await ask(http))
        assert "has been deleted" in page and left == {"7002"}


async def test_while_meta_cannot_be_asked_nothing_is_called_deleted(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        graph.profiles["ids_for_pages"] = BUSY
        await write_to_both(http)
        url = await ask(http)
        page, left = await outcome(gateway, http, url)
        assert "is kept" in page and left == {"7001", "7002", "8001"}
        tell(graph)
        page, left = await outcome(gateway, http, url)
        assert "has been deleted" in page and left == {"7002"}


async def test_who_is_known_goes_at_once_and_the_others_when_meta_answers(
    tmp_path: Path, stored: str
) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        graph.profiles["ids_for_pages"] = BUSY
        await write_to_both(http)
        await log_in(http)
        url = await ask(http)
        assert await ask(http) == url
        page, left = await outcome(gateway, http, url)
        assert "is kept" in page and left == {"7002", "8001"}
        tell(graph)
        page, left = await outcome(gateway, http, url)
        assert "has been deleted" in page and left == {"7002"}
        told = (await http.get("/v1/events", params={"event": "contact.erased"})).json()["data"]
        assert len({one["erasure"]["contact_id"] for one in told}) == 2


async def test_who_comes_back_before_meta_answers_goes_by_the_ids_that_it_tells(
    tmp_path: Path, stored: str
) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        graph.profiles["ids_for_pages"] = BUSY
        await write_to_both(http)
        await log_in(http)
        url = await ask(http)
        await gateway.erase()
        body = messenger_text("m_again", page="1001", psid="7001")
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        tell(graph)
        page, left = await outcome(gateway, http, url)
        assert "has been deleted" in page and left == {"7002"}


async def test_who_removed_the_app_first_is_known_when_asking_for_deletion(
    tmp_path: Path, stored: str
) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        graph.profiles["ids_for_pages"] = (400, {"error": {"code": 100, "message": "x"}})
        await write_to_both(http)
        await log_in(http)
        await http.post("/webhooks/facebook/deauthorize", data={"signed_request": request(user_id="10209")})
        page, left = await outcome(gateway, http, await ask(http))
        assert "has been deleted" in page and left == {"7002", "8001"}


async def test_an_operator_erases_by_an_apps_id_from_every_page(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        await write_to_both(http)
        person = {"platform": "facebook", "kind": "asid", "value": "10209"}
        asked = (await http.post("/v1/erasures", json=person)).json()
        _, left = await outcome(gateway, http, "/healthz")
        assert left == {"7002"}
        assert (await http.get(f"/v1/erasures/{asked['code']}")).json()["state"] == "done"
        foreign = await http.post("/v1/erasures", json=person | {"scope": "no-app-of-ours"})
        assert (foreign.status_code, foreign.json()["code"]) == (422, "invalid_request")


async def test_the_same_request_at_another_path_is_another_one(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        gateway, http = gate
        tell(graph)
        await write_to_both(http)
        elsewhere = await ask(http, "/webhooks/instagram/data-deletion")
        url = await ask(http)
        page, left = await outcome(gateway, http, url)
        assert "has been deleted" in page and left == {"7002"}
        assert url.rpartition("/")[2] != elsewhere.rpartition("/")[2]
        assert "is kept" in (await http.get(elsewhere)).text


async def test_each_contact_of_a_person_is_matched_to_the_apps_id(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        _, http = gate
        graph.profiles["ids_for_apps"] = (200, {"data": [{"id": "10209", "app": {"id": "2210"}}]})
        await write_to_both(http)
        for psid in PEOPLE.values():
            found = await contact(http, psid)
            matched = await http.post(f"/v1/contacts/{found['id']}/match-ids")
            assert matched.json()["asid"] == "10209"


async def test_who_removes_the_app_keeps_no_name_that_the_profile_told(tmp_path: Path, stored: str) -> None:
    async with graph_server() as graph, running(tmp_path, store=stored, graph_url=graph.url) as gate:
        _, http = gate
        graph.profiles["7001"] = (200, {"first_name": "Ada", "last_name": "Lovelace"})
        await write_to_both(http)
        found = await contact(http, "7001")
        refreshed = await http.post(f"/v1/contacts/{found['id']}/refresh")
        assert refreshed.json()["name"] == "Ada Lovelace"
        asid = {"kind": "asid", "value": "10209", "scope": "2210"}
        await http.post(f"/v1/contacts/{found['id']}/link", json=asid)
        form = {"signed_request": request(user_id="10209")}
        await http.post("/webhooks/facebook/deauthorize", data=form)
        shown = await contact(http, "7001")
        assert (shown["name"], shown["profile"], shown["asid"]) == (None, None, None)
