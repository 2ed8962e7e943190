"""SIGKILL of the server in the middle of a re-normalisation: the next one carries it on."""

from pathlib import Path

import pytest

from tests.gateways import messenger_text, running
from tests.older import take_in, without_text
from tests.receivers import receiving
from tests.servers import free_port, ready, serving

MESSAGES = 60
RATE = 20


@pytest.mark.anyio
async def test_a_renormalisation_survives_kill_9_of_the_server(tmp_path: Path) -> None:
    port = free_port()
    async with receiving() as receiver:
        async with running(tmp_path) as (gateway, http):
            for number in range(MESSAGES):
                body = messenger_text(f"m_{number}", psid=str(7000 + number % 7))
                await take_in(gateway, body, without_text)
            wanted = {"url": receiver.url, "events": ["message.received"]}
            receiver.secret = (await http.post("/v1/endpoints", json=wanted)).json()["secret"]
        with serving(tmp_path, port):
            http = await ready(port)
            asked = {"since": 0, "rate": RATE}
            run_id = (await http.post("/v1/renormalisations", json=asked)).json()["id"]
            await receiver.until(lambda deliveries: len(deliveries) > RATE)
            await http.aclose()
        arrived = len(receiver.deliveries)
        with serving(tmp_path, port):
            http = await ready(port)
            await receiver.until(lambda deliveries: len({one.webhook_id for one in deliveries}) == MESSAGES)
            ended = (await http.get(f"/v1/renormalisations/{run_id}")).json()
            shown = (await http.get("/v1/events?event=message.received&limit=100")).json()["data"]
            await http.aclose()
    assert arrived < MESSAGES
    assert (ended["examined"], ended["revised"], ended["added"]) == (MESSAGES, MESSAGES, 0)
    assert [one["revision"] for one in shown] == [2] * MESSAGES
