"""SIGKILL of the server in the middle of a replay: the next one carries it on, and nothing is left out."""

from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, signed
from tests.receivers import Receiver, receiving
from tests.servers import free_port, ready, serving

MESSAGES = 60
RATE = 20


async def begin(http: httpx.AsyncClient, receiver: Receiver) -> str:
    """Messages of several people, then an endpoint, then a replay; its id."""
    for number in range(MESSAGES):
        body = messenger_text(f"m_{number}", psid=str(7000 + number % 7))
        assert (await http.post("/webhooks/facebook", content=body, headers=signed(body))).is_success
    wanted = {"url": receiver.url, "events": ["message.received"]}
    made = (await http.post("/v1/endpoints", json=wanted)).json()
    receiver.secret = made["secret"]
    asked = {"endpoint_id": made["id"], "since": 0, "rate": RATE}
    return str((await http.post("/v1/replays", json=asked)).json()["id"])


@pytest.mark.anyio
async def test_a_replay_survives_kill_9_of_the_server(tmp_path: Path) -> None:
    port = free_port()
    async with receiving() as receiver:
        with serving(tmp_path, port):
            http = await ready(port)
            replay_id = await begin(http, receiver)
            await receiver.until(lambda deliveries: len(deliveries) > RATE)
            await http.aclose()
        arrived = len(receiver.deliveries)
        with serving(tmp_path, port):
            http = await ready(port)
            await receiver.until(lambda deliveries: len({one.webhook_id for one in deliveries}) == MESSAGES)
            ended = (await http.get(f"/v1/replays/{replay_id}")).json()
            await http.aclose()
    assert arrived < MESSAGES
    assert (ended["state"], ended["matched"], ended["done"]) == ("done", MESSAGES, MESSAGES)
