"""`{"reply": …}` in a handler's answer goes to the person: once, however often the event is delivered."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.send.replies import reply_id
from tests.receivers import Delivery
from tests.send.stage import Stage, stage

pytestmark = pytest.mark.anyio


async def replying(on: Stage, reply: Any) -> str:
    """The endpoint answers whatever it hears; its id."""
    (endpoint,) = (await on.http.get("/v1/endpoints")).json()["data"]
    (await on.http.patch(f"/v1/endpoints/{endpoint['id']}", json={"replies": True})).raise_for_status()
    on.receiver.answer = lambda _: 200
    on.receiver.content = lambda _: json.dumps({"reply": reply}).encode()
    return str(endpoint["id"])


@pytest.mark.parametrize("reply", ["thank you", {"type": "text", "body": "thank you"}])
async def test_a_reply_is_sent_and_answers_nothing_else(tmp_path: Path, store_url: str, reply: Any) -> None:
    async with stage(tmp_path, store=store_url) as on:
        endpoint_id = await replying(on, reply)
        received = await on.hears("facebook")
        sent = await on.event("message.sent")
        await on.until(sent["outgoing"]["id"], "read")
    assert sent["outgoing"]["id"] == reply_id(received["id"], endpoint_id)
    assert on.said("facebook") == ["thank you"]


async def test_an_event_that_is_delivered_twice_is_answered_once(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        await replying(on, "thank you")
        received = await on.hears("facebook")
        await on.event("message.sent")
        before = len(on.receiver.deliveries)
        await on.http.post(f"/v1/events/{received['id']}/redeliver")
        await on.event("message.received", after=before)
        await on.hears("facebook", "bye")
        await on.receiver.until(lambda _: len(on.events("message.sent")) == 2)
    assert on.said("facebook") == ["thank you", "thank you"]


@pytest.mark.parametrize("reply", [{"type": "smoke"}, 7, {"type": "text", "body": "x" * 3_000}])
async def test_a_reply_that_cannot_be_sent_is_a_failure_that_shows(
    tmp_path: Path, store_url: str, reply: Any
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        await replying(on, reply)
        received = await on.hears("facebook")
        failed = await on.event("message.send_failed")
    assert failed["outgoing"]["error"]["code"] == "invalid"
    assert failed["conversation_id"] == received["conversation_id"]
    assert on.said("facebook") == []


@pytest.mark.parametrize(
    "content",
    [
        b'{"reply": "thank y',
        b'{"reply": "\\ud800"}',
        b'{"reply": "\xff"}',
        b'{"reply": ' + b'{"a":' * 960 + b"1" + b"}" * 961,
        b'{"reply": "' + b"x" * 20_000 + b'"}',
    ],
    ids=["cut off", "half a character", "no UTF-8", "nested", "too long"],
)
async def test_a_reply_that_cannot_be_read_is_a_failure_of_its_conversation(
    tmp_path: Path, store_url: str, content: bytes
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        await replying(on, None)
        on.receiver.content = lambda _: content
        received = await on.hears("facebook")
        failed = await on.event("message.send_failed")
    assert failed["outgoing"]["error"]["code"] == "invalid"
    assert failed["conversation_id"] == received["conversation_id"]


async def test_without_the_option_an_answer_is_only_an_answer(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        on.receiver.answer = lambda _: 200
        on.receiver.content = _thanks
        await on.hears("facebook")
        await on.hears("facebook", "again")
        assert (await on.http.get("/v1/messages")).json()["data"] == []


def _thanks(_: Delivery) -> bytes:
    return b'{"reply": "thank you"}'
