"""Configuring where events go."""

from typing import Any

import httpx
import msgspec
import pytest

from gateway.services import Services
from tests.api.conftest import OTHER, Woken

pytestmark = pytest.mark.anyio

URL = "https://shop.example.com/hooks"


async def create(http: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await http.post("/v1/endpoints", json={"url": URL, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_an_endpoint_needs_a_url_only(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    assert made["secret"].startswith("whsec_")
    assert (made["customer_id"], made["status"], made["format"]) == ("default", "active", "native")
    assert (made["ordering"], made["concurrency"], made["timeout_seconds"]) == ("conversation", 20, 15)


async def test_an_endpoint_keeps_the_version_of_events_it_was_made_for(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    refused = await customer.patch(f"/v1/endpoints/{made['id']}", json={"version": "2"})
    assert (made["version"], refused.status_code) == ("1", 422)
    assert refused.json()["errors"][0]["field"] == "version"


async def test_the_secret_is_shown_at_creation_only(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    shown = await customer.get(f"/v1/endpoints/{made['id']}")
    listed = await customer.get("/v1/endpoints")
    changed = await customer.patch(f"/v1/endpoints/{made['id']}", json={"description": "x"})
    for answer in (shown, listed, changed):
        assert made["secret"] not in answer.text
    assert shown.json() == {key: value for key, value in made.items() if key != "secret"}


async def test_every_option_is_kept(customer: httpx.AsyncClient, services: Services) -> None:
    options = {
        "description": "desk",
        "events": ["message.*", "postback.received", "unknown"],
        "platforms": ["instagram"],
        "page_ids": ["1001"],
        "format": "cloudevents",
        "ordering": "none",
        "include_raw": True,
        "replies": True,
        "status": "paused",
        "concurrency": 100,
        "rate_limit": 50,
        "ed25519": True,
        "timeout_seconds": 30,
        "retry_schedule": [1, 604_800],
        "metadata": {"team": "orders"},
    }
    made = await create(customer, **options, headers={"Authorization": "Bearer of-the-receiver"})
    assert {key: made[key] for key in options} == options
    stored = services.directory.endpoints[made["id"]]
    assert (stored.timeout_ms, stored.headers) == (30_000, {"Authorization": "Bearer of-the-receiver"})


async def test_values_of_own_headers_are_never_shown(customer: httpx.AsyncClient) -> None:
    answer = await customer.post("/v1/endpoints", json={"url": URL, "headers": {"X-Key": "open-sesame"}})
    assert answer.json()["header_names"] == ["X-Key"]
    assert "open-sesame" not in answer.text


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"url": "ftp://shop.example.com"}, "url"),
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "https://user:pass@shop.example.com/"}, "url"),
        ({"events": ["message.received", "mesage.received"]}, "events[1]"),
        ({"events": ["*"]}, "events[0]"),
        ({"events": ["unknown.*"]}, "events[0]"),
        ({"platforms": ["pigeon"]}, "platforms[0]"),
        ({"format": "xml"}, "format"),
        ({"ordering": "page"}, "ordering"),
        ({"concurrency": 0}, "concurrency"),
        ({"concurrency": 101}, "concurrency"),
        ({"rate_limit": 0}, "rate_limit"),
        ({"timeout_seconds": 31}, "timeout_seconds"),
        ({"retry_schedule": [5, 0]}, "retry_schedule[1]"),
        ({"status": "disabled"}, "status"),
        ({"headers": {"Webhook-Id": "1"}}, "headers.Webhook-Id"),
        ({"headers": {"Content-Type": "text/plain"}}, "headers.Content-Type"),
        ({"headers": {"X-A": "b\r\nX-C: d"}}, "headers.X-A"),
        ({"headers": {"X A": "b"}}, "headers.X A"),
        ({"headers": {"X-A": "b", "x-a": "c"}}, "headers"),
        ({"metadata": {"k": "v" * 501}}, "metadata[...]"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
async def test_a_field_at_fault_is_named(
    customer: httpx.AsyncClient, fields: dict[str, Any], at_fault: str
) -> None:
    answer = await customer.post("/v1/endpoints", json={"url": URL, **fields})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == at_fault


async def test_all_faults_are_told_at_once(customer: httpx.AsyncClient) -> None:
    body = {"url": "ftp://x", "events": ["nothing"], "headers": {"Host": "x"}}
    errors = (await customer.post("/v1/endpoints", json=body)).json()["errors"]
    assert [error["field"] for error in errors] == ["url", "events[0]", "headers.Host"]


async def test_a_change_leaves_the_rest_as_it_is(customer: httpx.AsyncClient) -> None:
    made = await create(customer, events=["message.*"], retry_schedule=[5])
    answer = await customer.patch(f"/v1/endpoints/{made['id']}", json={"retry_schedule": None})
    made.pop("secret")
    assert answer.json() == {**made, "retry_schedule": None}


async def test_a_change_is_checked_like_a_new_endpoint(customer: httpx.AsyncClient) -> None:
    made = await create(customer)
    answer = await customer.patch(f"/v1/endpoints/{made['id']}", json={"url": "http://169.254.169.254/"})
    assert answer.json()["errors"][0]["field"] == "url"


async def test_resuming_wakes_the_dispatcher_and_pausing_does_not(
    customer: httpx.AsyncClient, woken: Woken
) -> None:
    path = f"/v1/endpoints/{(await create(customer))['id']}"
    await customer.patch(path, json={"status": "paused"})
    assert woken == []
    resumed = await customer.patch(path, json={"status": "active"})
    assert (resumed.json()["status"], woken) == ("active", [path.rpartition("/")[2]])


async def test_a_disabled_endpoint_comes_back_without_the_reason(
    customer: httpx.AsyncClient, services: Services
) -> None:
    made = await create(customer)
    stored = services.directory.endpoints[made["id"]]
    disabled = msgspec.structs.replace(stored, status="disabled", status_reason="gone")
    await services.store.put_endpoint(disabled)
    await services.directory.reload()
    shown = (await customer.get(f"/v1/endpoints/{made['id']}")).json()
    back = (await customer.patch(f"/v1/endpoints/{made['id']}", json={"status": "active"})).json()
    assert (shown["status"], shown["status_reason"]) == ("disabled", "gone")
    assert (back["status"], back["status_reason"]) == ("active", None)


async def test_endpoints_are_found_by_status(customer: httpx.AsyncClient) -> None:
    await create(customer)
    paused = await create(customer, status="paused")
    found = (await customer.get("/v1/endpoints?status=paused")).json()["data"]
    assert [one["id"] for one in found] == [paused["id"]]


async def test_a_deleted_endpoint_is_gone(customer: httpx.AsyncClient, services: Services) -> None:
    made = await create(customer)
    assert (await customer.delete(f"/v1/endpoints/{made['id']}")).status_code == 204
    assert (await customer.delete(f"/v1/endpoints/{made['id']}")).status_code == 404
    assert services.directory.endpoints == {}


async def test_the_operator_makes_endpoints_for_others(operator: httpx.AsyncClient) -> None:
    by_body = await create(operator, customer_id=OTHER)
    by_query = await operator.post("/v1/endpoints", params={"customer_id": OTHER}, json={"url": URL})
    assert (by_body["customer_id"], by_query.json()["customer_id"]) == (OTHER, OTHER)
    assert (await create(operator))["customer_id"] == "default"
