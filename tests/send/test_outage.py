"""A gateway that Meta could not reach for an hour, from the outage to the last message, over real HTTP."""

from pathlib import Path

import pytest

from gateway.simulator.apps import Subscription
from tests.send.stage import Stage, stage

pytestmark = pytest.mark.anyio

NOWHERE = "http://127.0.0.1:9/"


async def unsubscribed(on: Stage, platform: str, object_: str) -> None:
    """Webhooks fail until Meta has had enough; then the way is free again, and nothing comes."""
    asset, subscription = on.assets[platform].id, on.meta.app.subscriptions[object_]
    on.meta.app.subscriptions[object_] = Subscription(callback_url=NOWHERE, fields=subscription.fields)
    await on.acts.sends("anna", asset, "lost")
    for _ in range(3):
        on.meta.advance(3_600)
        await on.meta.settled()
    on.meta.app.subscriptions[object_] = subscription
    assert await on.acts.sends("anna", asset, "not even tried") == []


@pytest.mark.parametrize(("platform", "object_"), [("facebook", "page"), ("instagram", "instagram")])
async def test_one_call_subscribes_again_and_brings_what_was_missed(
    tmp_path: Path, store_url: str, platform: str, object_: str
) -> None:
    async with stage(tmp_path, store=store_url) as on:
        before = await on.hears(platform, "before")
        await unsubscribed(on, platform, object_)
        account = (await on.http.get(f"/v1/accounts?platform={platform}")).json()["data"][0]
        shown = (await on.http.post(f"/v1/accounts/{account['id']}/subscribe")).json()
        assert shown["fetching_since"] is not None
        await on.receiver.until(lambda _: len(on.events("message.received")) == 3)
        after = await on.hears(platform, "after")
    said = on.events("message.received")
    assert [one["message"]["body"] for one in said] == ["before", "lost", "not even tried", "after"]
    assert [one.get("backfilled", False) for one in said] == [False, True, True, False]
    assert {one["conversation_id"] for one in said} == {before["conversation_id"]}
    assert after["sequence"] > before["sequence"] + 2
