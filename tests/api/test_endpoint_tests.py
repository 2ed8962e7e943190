"""Trying an endpoint with a sample of any event."""

from typing import Any

import httpx
import pytest

from adapters.names import EVENTS
from gateway.samples import examples
from tests.api.conftest import NOW
from tests.api.test_endpoints import create

pytestmark = pytest.mark.anyio

SAMPLED = sorted({name for name, _ in examples()} | {"conversation.started"})
OUR_OWN = ("endpoint.failing", "endpoint.disabled", "endpoint.recovered")


async def trial(http: httpx.AsyncClient, made: dict[str, Any], **body: Any) -> httpx.Response:
    return await http.post(f"/v1/endpoints/{made['id']}/test", json=body)


async def sent(http: httpx.AsyncClient, made: dict[str, Any], **body: Any) -> dict[str, Any]:
    """The event that goes out."""
    answer = await trial(http, made, **body)
    assert answer.status_code == 202, answer.text
    return dict((await http.get(f"/v1/events/{answer.json()['event_id']}")).json())


@pytest.mark.parametrize("name", [*SAMPLED, *OUR_OWN])
async def test_an_endpoint_is_tried_with_a_sample_that_says_it_is_one(
    customer: httpx.AsyncClient, name: str
) -> None:
    event = await sent(customer, await create(customer, events=["lead.received"]), event=name)
    assert (event["event"], event["test"], event["timestamp_ms"]) == (name, True, NOW)
    assert "signature_verified" not in event


@pytest.mark.parametrize("platform", ["facebook", "instagram", "whatsapp"])
async def test_a_sample_of_a_message_has_all_that_a_handler_reads(
    customer: httpx.AsyncClient, platform: str
) -> None:
    event = await sent(customer, await create(customer), event="message.received", platform=platform)
    assert event["platform"] == platform
    assert (event["sequence"], event["contact"]["id"][:4], event["conversation_id"][:5]) == (
        1,
        "usr_",
        "conv_",
    )
    assert event["window"]["free_form_until"] > NOW // 1000


async def test_samples_are_found_among_the_tests_only(customer: httpx.AsyncClient) -> None:
    event = await sent(customer, await create(customer), event="message.received")
    listed = (await customer.get("/v1/events", params={"event": "test"})).json()["data"]
    assert [one["id"] for one in listed] == [event["id"]]
    assert (await customer.get("/v1/events", params={"event": "message.*"})).json()["data"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"event": "mesage.received"}, "event"),
        ({"event": "message.received", "platform": "pigeon"}, "platform"),
        ({"event": "call.update", "platform": "facebook"}, "event"),
        ({"events": "test"}, "events"),
    ],
)
async def test_a_sample_that_there_is_not_is_refused(
    customer: httpx.AsyncClient, body: dict[str, str], field: str
) -> None:
    answer = await trial(customer, await create(customer), **body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_format_takes_the_samples_that_it_carries(customer: httpx.AsyncClient) -> None:
    flat, raw = await create(customer, format="socialhook"), await create(customer, format="raw")
    assert (await trial(customer, flat, event="message.received")).status_code == 202
    assert (await trial(customer, flat, event="lead.received")).json()["code"] == "format_without_test"
    assert (await trial(customer, raw, event="message.received")).json()["code"] == "format_without_test"


def test_only_what_the_gateway_alone_can_know_has_no_sample() -> None:
    without = sorted(set(EVENTS) - set(SAMPLED) - set(OUR_OWN) - {"test"})
    assert without == [
        "account.degraded",
        "contact.erased",
        "contact.identity_suspected",
        "delivery.dead",
        "message.send_failed",
        "message.send_unknown",
        "message.sent",
    ]
