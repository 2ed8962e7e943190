"""A customer writes, a handler answers, and what becomes of the answer comes back: on every channel."""

from pathlib import Path

import pytest

from tests.send.stage import stage

pytestmark = pytest.mark.anyio
REACHED = {"facebook": "read", "instagram": "read", "whatsapp": "read"}


@pytest.mark.parametrize("platform", REACHED)
async def test_an_answer_is_sent_delivered_and_read_in_the_same_conversation(
    tmp_path: Path, store_url: str, platform: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears(platform)
        accepted = await on.send(received, "we are open", tag="ticket 7")
        assert accepted.status_code == 202, accepted.text
        sent = await on.event("message.sent")
        message = await on.until(accepted.json()["id"], "read")
    assert sent["conversation_id"] == received["conversation_id"] == message["conversation_id"]
    assert sent["outgoing"] == {
        "id": accepted.json()["id"],
        "state": "sent",
        "tag": "ticket 7",
        "message_ids": message["message_ids"],
    }
    assert sent["message"]["id"] == message["message_ids"][0]
    assert sent["message"]["body"] == "we are open"
    assert sent["contact"]["id"] == received["contact"]["id"]
    assert on.said(platform) == ["we are open"]
    assert not on.events("message.echo")
    assert len(on.events("message.sent")) == 1
