"""What Prometheus reads: totals, and nobody's name."""

import re
from pathlib import Path

import httpx
import pytest

from gateway.services import Services
from tests.api.arrivals import arrival
from tests.api.conftest import Time
from tests.api.test_endpoints import create
from tests.gateways import dispatcher, messenger_text, running, signed
from tests.receivers import receiving

pytestmark = pytest.mark.anyio

_LINE = re.compile(r'[a-z_]+(?:\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? \d+(?:\.\d+)?')


async def read(http: httpx.AsyncClient) -> dict[str, float]:
    """Name with labels → value. Fails on a line that Prometheus would not take."""
    answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if _LINE.fullmatch(line) is None] == []
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_what_was_counted_is_shown(nobody: httpx.AsyncClient, services: Services) -> None:
    services.refusals.add(1, "/webhooks/facebook", "wrong_signature")
    shown = await read(nobody)
    assert shown['gateway_elements_total{state="stored"}'] == 3
    assert shown['gateway_elements_total{state="held"}'] == 0
    assert shown['gateway_refusals_total{reason="wrong_signature"}'] == 1
    assert shown['gateway_attempts_total{state="delivered",error=""}'] == 2
    assert shown['gateway_attempts_total{state="failed",error="timeout"}'] == 1
    assert shown["gateway_open_circuits"] == 1
    assert shown["gateway_store_writable"] == 1
    assert shown["gateway_store_bytes"] > 0


async def test_the_age_of_what_has_been_due_longest_is_shown(
    nobody: httpx.AsyncClient, customer: httpx.AsyncClient, services: Services, time: Time
) -> None:
    assert (await read(nobody))["gateway_oldest_due_seconds"] == 0
    endpoint_id = (await create(customer))["id"]
    await services.store.accept([arrival(1, endpoint_ids=(endpoint_id,))])
    time.now += 90_500
    assert (await read(nobody))["gateway_oldest_due_seconds"] == 90.5


async def test_a_store_that_does_not_answer_is_shown_and_no_error(
    nobody: httpx.AsyncClient, services: Services
) -> None:
    await services.store.close()
    shown = await read(nobody)
    assert shown["gateway_store_writable"] == 0
    assert "gateway_oldest_due_seconds" not in shown


async def test_every_metric_is_explained_and_has_a_type(nobody: httpx.AsyncClient) -> None:
    text = (await nobody.get("/metrics")).text
    names = {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}
    for name in names:
        assert f"# HELP {name} " in text
        assert f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}" in text


async def test_a_running_gateway_counts_what_comes_in(tmp_path: Path) -> None:
    unknown = messenger_text("m_2").replace(b'"message":', b'"pigeon":')
    async with running(tmp_path) as (_, http):
        for body in (messenger_text("m_1"), messenger_text("m_1"), unknown, b"not json"):
            await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await http.post("/webhooks/facebook", content=b"{}")
        shown = await read(http)
    assert shown['gateway_elements_total{state="stored"}'] == 2
    assert shown['gateway_elements_total{state="duplicate"}'] == 1
    assert shown["gateway_unknown_events_total"] == 1
    assert shown["gateway_quarantined_total"] == 1
    assert shown['gateway_refusals_total{reason="no_signature"}'] == 1


async def test_a_running_gateway_counts_what_goes_out(tmp_path: Path) -> None:
    body = messenger_text("m_1")
    async with receiving() as receiver, running(tmp_path) as (gateway, http):
        endpoint = {"url": receiver.url, "events": ["message.received"]}
        await http.post("/v1/endpoints", json=endpoint)
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await receiver.until(lambda taken: len(taken) == 1)
        await dispatcher(gateway).stop()
        shown = await read(http)
    assert shown['gateway_attempts_total{state="delivered",error=""}'] == 1
