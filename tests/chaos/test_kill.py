"""SIGKILL of the server under load: nothing that Meta got a 200 for is lost."""

import asyncio
import os
import signal
from collections import defaultdict
from pathlib import Path

import httpx
import pytest

from tests.gateways import messenger_text, signed
from tests.patience import SOON
from tests.receivers import Receiver, receiving
from tests.servers import free_port, ready, serving

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "3"))
PER_ROUND = 240
SENDERS = 8
PEOPLE = 12


class Load:
    """Sends distinct messages as fast as they are taken; remembers what got a 200."""

    def __init__(self) -> None:
        self.accepted: set[str] = set()
        self._number = 0

    async def send_until_dead(self, http: httpx.AsyncClient, process_id: int, kill_after: int) -> None:
        """Eight senders at once; after `kill_after` answers the server dies in the midst of its work."""
        goal = len(self.accepted) + kill_after
        async with asyncio.timeout(2 * SOON):
            await asyncio.gather(*(self._sender(http, process_id, goal) for _ in range(SENDERS)))

    async def _sender(self, http: httpx.AsyncClient, process_id: int, goal: int) -> None:
        while len(self.accepted) < goal + SENDERS:
            self._number += 1
            mid, psid = f"m_{self._number}", str(7000 + self._number % PEOPLE)
            body = messenger_text(mid, psid=psid)
            try:
                answer = await http.post("/webhooks/facebook", content=body, headers=signed(body))
            except httpx.TransportError:
                return  # the server is dead; Meta would send this one again
            if answer.status_code == 200:
                self.accepted.add(mid)
            if len(self.accepted) == goal:
                os.kill(process_id, signal.SIGKILL)


@pytest.mark.anyio
async def test_every_accepted_message_arrives_in_order_under_one_id(tmp_path: Path) -> None:
    load, port = Load(), free_port()
    async with receiving() as receiver:
        for number in range(ROUNDS):
            with serving(tmp_path, port, retry_schedule="1,1,1,1,1") as process:
                http = await ready(port)
                if number == 0:
                    created = await http.post("/v1/endpoints", json={"url": receiver.url})
                    receiver.secret = created.json()["secret"]
                await load.send_until_dead(http, process.pid, PER_ROUND + 7 * number)
                await http.aclose()
        with serving(tmp_path, port, retry_schedule="1,1,1,1,1"):
            await (await ready(port)).aclose()
            await receiver.until(lambda _: load.accepted <= _messages(receiver), 2 * SOON)
    _assert_one_id_per_message(receiver)
    _assert_order(receiver)


def _messages(receiver: Receiver) -> set[str]:
    return {one.event["message"]["id"] for one in receiver.deliveries if b'"message":{' in one.body}


def _assert_one_id_per_message(receiver: Receiver) -> None:
    ids: dict[str, set[str]] = defaultdict(set)
    for delivery in receiver.deliveries:
        if "message" in delivery.event:
            ids[delivery.event["message"]["id"]].add(delivery.webhook_id)
    assert all(len(of_one) == 1 for of_one in ids.values())


def _assert_order(receiver: Receiver) -> None:
    """First arrivals of a conversation come as 1, 2, 3 …; a repeat may come at any time."""
    newest: dict[str, int] = defaultdict(int)
    for event in (delivery.event for delivery in receiver.deliveries):
        conversation, sequence = event["conversation_id"], event["sequence"]
        assert sequence <= newest[conversation] + 1
        newest[conversation] = max(newest[conversation], sequence)
