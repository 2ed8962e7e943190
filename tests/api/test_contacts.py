"""Contacts over the API: found, shown, changed, exported, erased; each customer its own side."""

import httpx
import pytest

from adapters.base import Identity
from gateway.services import Services
from tests.api.arrivals import PAGE, arrival
from tests.api.conftest import NOW
from tests.store.erasures import carry_on

pytestmark = pytest.mark.anyio


@pytest.fixture
async def contact_id(services: Services, operator: httpx.AsyncClient, customer: httpx.AsyncClient) -> str:
    """Somebody who has written to the Page of `default`."""
    await operator.post("/v1/accounts", json={"platform": "facebook", "page_id": PAGE})
    await services.store.accept([arrival()])
    return str((await customer.get("/v1/contacts")).json()["data"][0]["id"])


async def test_a_contact_is_found_by_an_identity_and_shown_whole(
    customer: httpx.AsyncClient, contact_id: str
) -> None:
    (found,) = (await customer.get("/v1/contacts?identity=7001&page_id=1001")).json()["data"]
    shown = (await customer.get(f"/v1/contacts/{contact_id}")).json()
    assert found == shown
    assert shown["identities"][0] == {
        "kind": "psid",
        "value": "7001",
        "scope": PAGE,
        "is_active": True,
        "stale_reason": None,
        "stale_since": None,
        "former": False,
    }
    assert shown["is_active"] and shown["platform"] == "facebook"
    conversations = (await customer.get(f"/v1/contacts/{contact_id}/conversations")).json()
    assert conversations == {"data": shown["conversations"], "next_cursor": None}


async def test_an_asid_is_linked_shown_and_unlinked(customer: httpx.AsyncClient, contact_id: str) -> None:
    asid = {"kind": "asid", "value": "10209", "scope": "2210"}
    linked = await customer.post(f"/v1/contacts/{contact_id}/link", json=asid)
    assert linked.json()["asid"] == "10209"
    unlinked = await customer.post(f"/v1/contacts/{contact_id}/unlink", json=asid)
    assert unlinked.json()["asid"] is None
    again = await customer.post(f"/v1/contacts/{contact_id}/unlink", json=asid)
    assert again.json()["errors"][0]["field"] == "value"


async def test_the_last_identity_stays(customer: httpx.AsyncClient, contact_id: str) -> None:
    psid = {"kind": "psid", "value": "7001", "scope": PAGE}
    answer = await customer.post(f"/v1/contacts/{contact_id}/unlink", json=psid)
    assert answer.json()["code"] == "identity_in_use"


async def test_an_id_of_a_page_that_is_not_ones_own_is_not_linked(
    customer: httpx.AsyncClient, contact_id: str
) -> None:
    psid = {"kind": "psid", "value": "1", "scope": "1002"}
    answer = await customer.post(f"/v1/contacts/{contact_id}/link", json=psid)
    assert answer.json()["errors"][0]["field"] == "scope"


async def test_a_confirmed_identity_takes_conversation_and_history_along(
    services: Services, customer: httpx.AsyncClient, contact_id: str
) -> None:
    await services.store.people.mark_stale("facebook", Identity("psid", "7001", PAGE), "unreachable", NOW)
    psid = {"kind": "psid", "value": "7002", "scope": PAGE}
    answer = await customer.post(f"/v1/contacts/{contact_id}/link", json=psid)
    assert answer.json()["is_active"]
    body = {"suspect": contact_id, "same_person": True}
    same = await customer.post(f"/v1/contacts/{contact_id}/confirm-identity", json=body)
    assert same.json()["code"] == "contacts_distinct"
    nobody = {"suspect": "usr_nobody", "same_person": False}
    missing = await customer.post(f"/v1/contacts/{contact_id}/confirm-identity", json=nobody)
    assert missing.status_code == 404


async def test_an_export_holds_every_event_of_the_person(
    services: Services, customer: httpx.AsyncClient, contact_id: str
) -> None:
    await services.store.accept([arrival(number) for number in range(2, 140)])
    exported = (await customer.get(f"/v1/contacts/{contact_id}/export")).json()
    assert exported["contact"]["id"] == contact_id
    names = [event["event"] for event in exported["events"]]
    assert names.count("message.received") == 139 and names[0] == "conversation.started"


async def test_an_erased_contact_is_gone_and_its_erasure_shown(
    services: Services, customer: httpx.AsyncClient, operator: httpx.AsyncClient, contact_id: str
) -> None:
    begun = await customer.delete(f"/v1/contacts/{contact_id}")
    assert begun.status_code == 202
    assert (await customer.get(f"/v1/contacts/{contact_id}")).status_code == 404
    await carry_on(services.store)
    shown = (await operator.get(f"/v1/erasures/{begun.json()['code']}")).json()
    assert shown["state"] == "done" and shown["events"] == 2
    assert (await customer.get("/v1/events")).json()["data"] == []


async def test_an_identity_is_named_with_its_scope(operator: httpx.AsyncClient) -> None:
    body = {"platform": "facebook", "kind": "psid", "value": "7001"}
    assert (await operator.post("/v1/erasures", json=body)).json()["errors"][0]["field"] == "scope"
    asid = {"platform": "facebook", "kind": "asid", "value": "7001"}
    assert (await operator.post("/v1/erasures", json=asid)).json()["state"] == "parked"
