"""What neither answer nor report has settled is looked for after ten minutes, and then it is final."""

from pathlib import Path
from typing import Any

import pytest

from gateway.simulator.faults import Fault
from tests.send.stage import Stage, stage

pytestmark = pytest.mark.anyio
TEN_MINUTES = 601


async def lost(on: Stage, platform: str, *, arrived: bool) -> dict[str, Any]:
    """A message whose answer got lost ten minutes ago, and of which nothing tells; as it was taken."""
    accepted = await lose(on, platform, arrived=arrived)
    on.receiver.secret = ""  # Its clock does not go forward: it would refuse our signatures.
    on.skip(TEN_MINUTES)
    return accepted


async def lose(on: Stage, platform: str, *, arrived: bool) -> dict[str, Any]:
    """The same, just now."""
    received = await on.hears(platform)
    on.meta.manner.echoes = False
    on.meta.manner.receipts = ()
    on.meta.faults.add(Fault(kind="reset", after_accept=arrived))
    accepted: dict[str, Any] = (await on.send(received, "did you get this?")).json()
    await on.until_state(accepted["id"], "unknown")
    return accepted


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
async def test_what_the_platform_shows_was_sent(tmp_path: Path, store_url: str, platform: str) -> None:
    async with stage(tmp_path, store=store_url) as on:
        accepted = await lost(on, platform, arrived=True)
        sent = await on.event("message.sent")
        shown = await on.until_state(accepted["id"], "sent")
    assert sent["message"]["id"] == shown["message_ids"][0]
    assert len(on.said(platform)) == 1


@pytest.mark.parametrize("platform", ["facebook", "instagram", "whatsapp"])
async def test_what_nothing_shows_stays_unknown_and_its_customer_is_told(
    tmp_path: Path, store_url: str, platform: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        accepted = await lost(on, platform, arrived=False)
        told = await on.event("message.send_unknown")
    assert told["outgoing"]["id"] == accepted["id"]
    assert told["outgoing"]["state"] == "unknown"
    assert on.said(platform) == []


async def test_a_page_whose_platform_is_slow_to_show_holds_up_no_other(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        await lose(on, "facebook", arrived=True)
        on.meta.faults.add(Fault(kind="slow", seconds=5, edge="conversations"))
        unknown = await lost(on, "whatsapp", arrived=False)
        await on.event("message.sent")
    names = ("message.send_unknown", "message.sent")
    told = [one.event["outgoing"] for one in on.receiver.deliveries if one.event["event"] in names]
    assert [one["state"] for one in told] == ["unknown", "sent"]
    assert told[0]["id"] == unknown["id"]


async def test_one_message_that_arrived_settles_only_one_of_two_that_say_the_same(
    tmp_path: Path, store_url: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        await lose(on, "facebook", arrived=True)
        await lost(on, "facebook", arrived=False)
        await on.event("message.sent")
        await on.event("message.send_unknown")
    assert len(on.events("message.sent")) == len(on.said("facebook")) == 1
