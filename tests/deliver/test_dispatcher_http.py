"""The dispatcher with everything real: store, transport, signatures, a receiver on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.clock import system_clock
from gateway.deliver.transport import Transport
from tests.deliver.stage import SECRET, Stage, endpoint, store_at
from tests.receivers import Delivery, Receiver, receiving

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def _delivering(path: Path, schedule: tuple[float, ...]) -> AsyncIterator[tuple[Stage, Receiver]]:
    transport = Transport([ip_network("127.0.0.0/8")])
    on = Stage(store_at(path), schedule, system_clock, transport)
    async with receiving() as receiver:
        receiver.secret = SECRET
        await on.store.open()
        await transport.start()
        await on.configure(endpoint(url=receiver.url))
        await on.dispatcher.start()
        try:
            yield on, receiver
        finally:
            await on.dispatcher.stop()
            await transport.close()
            await on.store.close()


async def test_what_arrives_is_delivered_signed(tmp_path: Path) -> None:
    async with _delivering(tmp_path, (1,)) as (on, receiver):
        (admission,) = await on.arrive("ann:hello")
        await receiver.until(lambda got: len(got) == 1)
        await on.states(delivered=1)
    (delivery,) = receiver.deliveries
    assert delivery.webhook_id == admission.event_id
    assert delivery.event["message"]["body"] == "hello"
    assert delivery.headers["content-type"] == "application/json"
    assert delivery.headers["user-agent"] == "social-gateway"


async def test_every_conversation_arrives_in_order_in_spite_of_failures(tmp_path: Path) -> None:
    refused: set[str] = set()

    def answer(delivery: Delivery) -> int:
        """Every third message is refused once."""
        first_time = delivery.webhook_id not in refused
        refused.add(delivery.webhook_id)
        return 500 if first_time and delivery.event["sequence"] % 3 == 0 else 200

    async with _delivering(tmp_path, (0.02, 0.02)) as (on, receiver):
        receiver.answer = answer
        people = [f"person{number}" for number in range(8)]
        for number in range(12):
            await on.arrive(*(f"{person}:{person}-{number}" for person in people))
        await on.states(delivered=96)
    for person in people:
        taken = [one.event for one in receiver.deliveries if one.event["from"] == person]
        assert sorted({event["sequence"] for event in taken}) == list(range(2, 14)), "1 is the conversation"
        assert [event["sequence"] for event in taken] == sorted(event["sequence"] for event in taken)
