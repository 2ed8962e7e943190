"""A client that a stock generator makes from openapi.yaml goes the whole way, on a real gateway."""

import importlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from gateway.app import Gateway
from tests.api.reference import FILE
from tests.gateways import ADMIN_KEY, dispatcher, messenger_text, running, signed
from tests.patience import SOON
from tests.receivers import receiving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        importlib.util.find_spec("openapi_python_client") is None,
        reason="openapi-python-client, which generates the client, is not installed",
    ),
]
PACKAGE = "generated_gateway_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The client, made from the file alone."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    places = {"--path": FILE, "--config": folder / "config.yml", "--output-path": folder / PACKAGE}
    options = [word for option, path in places.items() for word in (option, str(path))]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=2 * SOON)
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))


async def call(client: Any, operation: str, *path: str, **given: Any) -> Any:
    """Call an operation `tag.name` of the generated package; the decoded answer."""
    module = importlib.import_module(f"{PACKAGE}.api.{operation}")
    return await module.asyncio(*path, client=client, **given)


def model(name: str) -> Any:
    """A class of the generated package."""
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


def client_of(generated: ModuleType, gateway: Gateway) -> Any:
    """The generated client with the operator's key; it reaches the gateway without a socket."""
    client = generated.AuthenticatedClient(base_url="http://gateway", token=ADMIN_KEY)
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    http = httpx.AsyncClient(
        base_url="http://gateway", headers=headers, transport=httpx.ASGITransport(gateway)
    )
    return client.set_async_httpx_client(http)


async def test_a_generated_client_goes_the_whole_way(generated: ModuleType, tmp_path: Path) -> None:
    body = messenger_text("m_1")
    async with receiving() as receiver, running(tmp_path) as (gateway, http):
        client = client_of(generated, gateway)
        new = model("NewEndpoint")(url=receiver.url, events=["message.received"])
        endpoint = await call(client, "endpoints.create_endpoint", body=new, idempotency_key="once")
        again = await call(client, "endpoints.create_endpoint", body=new, idempotency_key="once")
        assert (again.id, again.secret) == (endpoint.id, endpoint.secret)
        receiver.secret = endpoint.secret
        await http.post("/webhooks/facebook", content=body, headers=signed(body))
        await receiver.until(lambda taken: len(taken) == 1)

        events = await call(client, "events.list_events", event="message.received")
        assert [event.message.body for event in events.data] == ["hi"]
        deliveries = await call(client, "deliveries.list_deliveries", endpoint_id=endpoint.id)
        assert [one.event_id for one in deliveries.data] == [events.data[0].id]
        redelivery = model("Redelivery")(endpoint_id=endpoint.id)
        sent = await call(client, "events.redeliver_event", events.data[0].id, body=redelivery)
        assert sent.endpoint_ids == [endpoint.id]
        await receiver.until(lambda taken: len(taken) == 2)
        await dispatcher(gateway).stop()
        attempts = await call(client, "deliveries.list_attempts", deliveries.data[0].id)
    assert [(one.status, one.error) for one in attempts.data] == [(204, None), (204, None)]
    assert len({one.webhook_id for one in receiver.deliveries}) == 1


async def test_a_generated_client_knows_what_a_problem_is(generated: ModuleType, tmp_path: Path) -> None:
    async with running(tmp_path) as (gateway, _):
        problem = await call(client_of(generated, gateway), "events.get_event", "evt_none")
    assert (problem.code, problem.status) == ("not_found", 404)
    assert problem.request_id.startswith("req_")
