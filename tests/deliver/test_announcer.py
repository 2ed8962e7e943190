"""The operator and the customer hear what happens to endpoints: a whole gateway, real HTTP."""

import logging
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from tests.gateways import messenger_text, running, signed
from tests.receivers import Receiver, receiving

pytestmark = pytest.mark.anyio


async def receive_one(http: httpx.AsyncClient) -> None:
    """Meta sends a message."""
    body = messenger_text("m_1")
    assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).status_code == 200


async def make(http: httpx.AsyncClient, receiver: Receiver, **fields: object) -> dict[str, str]:
    """An endpoint at the receiver."""
    return dict((await http.post("/v1/endpoints", json={"url": receiver.url, **fields})).json())


async def test_the_operator_hears_in_plain_json_that_an_endpoint_was_disabled(tmp_path: Path) -> None:
    async with receiving() as customer, receiving() as operator:
        customer.answer = lambda _: 410
        async with running(tmp_path, operator_url=operator.url) as (_, http):
            made = await make(http, customer, events=["message.received"])
            await receive_one(http)
            await operator.until(lambda told: len(told) == 1)
            listed = (await http.get("/v1/events", params={"event": "endpoint.disabled"})).json()["data"]
    (told,) = operator.deliveries
    assert told.event["event"] == "endpoint.disabled"
    assert (told.event["endpoint"]["id"], told.event["endpoint"]["reason"]) == (made["id"], "410")
    assert "webhook-signature" not in told.headers
    assert [one["id"] for one in listed] == [told.event["id"]]


async def test_an_operator_who_cannot_be_told_is_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="gateway")
    async with receiving() as customer, receiving() as operator:
        customer.answer, operator.answer = lambda _: 410, lambda _: 500
        async with running(tmp_path, operator_url=operator.url) as (_, http):
            await make(http, customer, events=["message.received"])
            await receive_one(http)
            await operator.until(lambda told: len(told) == 1)
    assert "operator not told" in caplog.text


async def test_a_test_event_arrives_signed_by_old_and_new_secret_with_the_credentials(
    tmp_path: Path,
) -> None:
    async with receiving() as receiver, running(tmp_path) as (_, http):
        made = await make(http, receiver, ed25519=True, auth={"type": "bearer", "token": "open-sesame"})
        rotated = (await http.post(f"/v1/endpoints/{made['id']}/rotate-secret", json={})).json()
        await http.post(f"/v1/endpoints/{made['id']}/test")
        await receiver.until(lambda arrived: len(arrived) == 1)
    (arrived,) = receiver.deliveries
    for secret in (made["secret"], rotated["secret"]):
        Webhook(secret).verify(arrived.body, arrived.headers)
    kinds = [one.partition(",")[0] for one in arrived.headers["webhook-signature"].split()]
    assert (kinds, arrived.headers["authorization"]) == (["v1", "v1", "v1a"], "Bearer open-sesame")
    assert (arrived.event["event"], arrived.event["endpoint"]["id"]) == ("test", made["id"])


async def test_a_disabled_endpoint_that_is_back_is_news_to_the_others(tmp_path: Path) -> None:
    async with receiving() as receiver, receiving() as other, running(tmp_path) as (_, http):
        made = await make(http, receiver, events=["message.received"])
        await make(http, other, events=["endpoint.*"])
        receiver.answer = lambda _: 410
        await receive_one(http)
        await other.until(lambda told: [one.event["event"] for one in told] == ["endpoint.disabled"])
        receiver.answer = lambda _: 204
        await http.patch(f"/v1/endpoints/{made['id']}", json={"status": "active"})
        await other.until(lambda told: [one.event["event"] for one in told][1:] == ["endpoint.recovered"])
        shown = (await http.get(f"/v1/endpoints/{made['id']}")).json()
    assert (shown["status"], shown["failing_since"]) == ("active", None)
    assert len(receiver.deliveries) == 2
