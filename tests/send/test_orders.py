"""Answer, echo and statuses in every order that Meta is known for."""

from pathlib import Path

import pytest

from gateway.simulator.faults import Fault
from tests.send.stage import stage, text

pytestmark = pytest.mark.anyio
PLATFORMS = ("facebook", "instagram", "whatsapp")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_reports_that_overtake_the_answer_are_the_same_message(
    tmp_path: Path, store_url: str, platform: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears(platform)
        on.meta.manner.aftermath = "before"
        accepted = (await on.send(received)).json()
        shown = await on.until(accepted["id"], "read")
        sent = await on.event("message.sent")
    assert sent["outgoing"]["id"] == accepted["id"]
    assert len(on.events("message.sent")) == len(on.said(platform)) == 1
    assert not on.events("message.echo")
    assert len(shown["message_ids"]) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_lost_answer_is_settled_by_the_report(tmp_path: Path, store_url: str, platform: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears(platform)
        on.meta.faults.add(Fault(kind="reset", after_accept=True))
        accepted = (await on.send(received)).json()
        await on.until(accepted["id"], "sent", "delivered", "read")
        await on.event("message.sent")
    assert len(on.said(platform)) == 1


async def test_without_a_report_a_lost_answer_stays_unknown_and_is_not_repeated(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        on.meta.manner.echoes = False
        on.meta.manner.receipts = ()
        on.meta.faults.add(Fault(kind="reset", after_accept=True))
        accepted = (await on.send(received)).json()
        await on.until_state(accepted["id"], "unknown")
    assert len(on.said("facebook")) == 1
    assert not on.events("message.sent")


async def test_a_refusal_of_a_gateway_in_between_that_says_later_is_tried_again(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        on.meta.faults.add(Fault(kind="status", status=429))
        accepted = (await on.send(received)).json()
        shown = await on.until(accepted["id"], "sent", "delivered", "read")
    assert shown["error"] is None
    assert on.said("facebook") == ["hello"]


async def test_messages_of_a_conversation_arrive_in_their_order(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        on.meta.faults.add(Fault(kind="error", code=2))
        for number in range(5):
            last = await on.send(received, f"{number}")
        await on.until(last.json()["id"], "read")
    assert on.said("facebook") == ["0", "1", "2", "3", "4"]


async def test_a_picture_with_a_caption_is_two_messages_and_one_event(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        picture = {"type": "image", "url": "https://shop.example.com/a.jpg", "caption": "look"}
        accepted = (await on.send(received, message=picture)).json()
        shown = await on.until(accepted["id"], "read")
        await on.event("message.sent")
    assert len(shown["message_ids"]) == 2
    assert accepted["warnings"]
    assert len(on.events("message.sent")) == 1
    assert not on.events("message.echo")


async def test_typing_is_sent_and_is_no_event(tmp_path: Path, store_url: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        received = await on.hears("facebook")
        accepted = (await on.send(received, message={"type": "typing_on"})).json()
        await on.until_state(accepted["id"], "sent")
        later = (await on.send(received, message=text("now"))).json()
        await on.event("message.sent")
    assert [one["outgoing"]["id"] for one in on.events("message.sent")] == [later["id"]]
