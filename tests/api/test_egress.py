"""An egress proxy that fails: seen by the operator, charged to nobody."""

from pathlib import Path

import pytest

from gateway.deliver.dispatcher import Dispatcher
from tests.deliver.proxies import proxying
from tests.gateways import messenger_text, running, signed
from tests.receivers import receiving

pytestmark = pytest.mark.anyio
BODY = messenger_text("m_1")


async def test_a_failing_proxy_is_shown_and_costs_the_customer_no_attempt(tmp_path: Path) -> None:
    async with receiving() as receiver, proxying() as proxy:
        proxy.refusal = b"HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"
        given = proxy.url.replace("//", "//us:hush@")
        async with running(tmp_path, egress_proxy=given) as (gateway, http):
            made = await http.post(
                "/v1/endpoints", json={"url": receiver.url, "events": ["message.received"]}
            )
            assert (await http.get("/readyz")).json()["facts"]["egress_proxy"] == "works"
            await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY))
            assert isinstance(gateway.deliverer, Dispatcher)
            await gateway.deliverer.stop()
            ready, metrics = await http.get("/readyz"), await http.get("/metrics")
            (delivery,) = (await http.get("/v1/deliveries")).json()["data"]
            attempts = (await http.get(f"/v1/deliveries/{delivery['id']}/attempts")).json()["data"]
    assert made.status_code == 201
    assert (ready.status_code, ready.json()["facts"]["egress_proxy"]) == (200, "fails: 407")
    assert 'gateway_egress_proxy_faults_total{reason="407"} 1' in metrics.text
    assert (delivery["state"], attempts, receiver.deliveries) == ("pending", [], [])
    assert "hush" not in ready.text + metrics.text


async def test_a_delivery_goes_through_the_proxy(tmp_path: Path) -> None:
    async with (
        receiving() as receiver,
        proxying() as proxy,
        running(tmp_path, egress_proxy=proxy.url) as (_, http),
    ):
        await http.post("/v1/endpoints", json={"url": receiver.url, "events": ["message.received"]})
        await http.post("/webhooks/facebook", content=BODY, headers=signed(BODY))
        await receiver.until(lambda taken: len(taken) == 1)
        assert proxy.asked_for == [receiver.url.removeprefix("http://").rstrip("/")]
