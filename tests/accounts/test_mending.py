"""After an outage for which Meta unsubscribed the app: it hears again, and gets what was said meanwhile."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from adapters import ADAPTERS
from adapters.base import Inbound
from gateway.store.records import EventFilter, Gap, PageRequest
from tests.accounts.wards import Ward, ward
from tests.simulator.callbacks import VERIFY_TOKEN

pytestmark = pytest.mark.anyio

HOUR = 3_600


async def heard(one: Ward) -> list[dict[str, Any]]:
    """The messages that were taken in, oldest first."""
    which, request = EventFilter(event="message.received"), PageRequest(ascending=True)
    found = await one.store.events(None, which, request)
    return [msgspec.json.decode(event.body) for event in found.data]


async def take(one: Ward, body: bytes) -> None:
    """A webhook comes."""
    platform = one.account.platform
    await one.intake.take(platform, None, ADAPTERS[platform].decode(Inbound(body)))


async def outage(one: Ward) -> None:
    """One message comes, then the callback fails for an hour, and then nobody tells it anything."""
    made, asset = one.made, one.account.page_id
    for platform in ("facebook", "instagram"):
        await made.meta.subscribe(platform, made.callback.url, VERIFY_TOKEN)
    await made.acts.sends("anna", asset, "before")
    await take(one, made.callback.posts[-1].body)
    made.callback.answer = lambda _: 503
    made.meta.advance(60)
    await made.acts.sends("anna", asset, "failed")
    for _ in range(3):
        made.meta.advance(HOUR)
        await made.meta.settled()
    posts = len(made.callback.posts)
    made.callback.answer = lambda _: 200
    await made.acts.sends("anna", asset, "unheard")
    assert len(made.callback.posts) == posts


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
async def test_what_came_during_an_outage_is_fetched_once_after_subscribing_again(
    tmp_path: Path, platform: str
) -> None:
    async with ward(tmp_path, platform) as one:
        await outage(one)
        rounds = one.rounds()
        one.made.meta.advance(6 * HOUR)
        assert await rounds.turn() == 1
        events = await heard(one)
        assert [event["message"]["body"] for event in events] == ["before", "failed", "unheard"]
        assert [event.get("backfilled", False) for event in events] == [False, True, True]
        await one.made.acts.sends("anna", one.account.page_id, "after")
        await take(one, one.made.callback.posts[-1].body)
        calls = one.made.meta.limits.headers(one.made.meta.app.id, None, one.clock())
        await rounds.turn()
        assert one.made.meta.limits.headers(one.made.meta.app.id, None, one.clock()) == calls
        assert (len(await heard(one)), one.account.gap, one.told) == (4, None, [])


async def test_after_a_long_silence_a_start_looks_after_everybody_at_once(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        await outage(one)
        rounds = one.rounds()
        await rounds.begin()
        assert await rounds.turn() == 1
        assert len(await heard(one)) == 3
        soon = one.rounds()
        await soon.begin()
        assert await soon.turn() == 0


async def test_a_webhook_that_comes_after_all_is_the_same_event(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        await outage(one)
        await one.look()
        await one.mending.fetch(one.account)
        for post in one.made.callback.posts:
            await take(one, post.body)
        assert len(await heard(one)) == 3


async def test_the_next_outage_is_mended_too(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        rounds = one.rounds()
        for count in (3, 6):
            await outage(one)
            one.made.meta.advance(6 * HOUR)
            await rounds.turn()
            assert len(await heard(one)) == count


async def test_a_gap_is_carried_on_where_it_was_left(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        made = one.made
        for number in range(15):
            made.meta.add_person(f"p{number}")
            made.meta.advance(1)
            await made.acts.sends(f"p{number}", one.account.page_id, "hi")
        await one.store.put_account(replace(one.account, gap=Gap(since=0, after="10")))
        await one.directory.reload()
        await one.rounds().turn()
        assert (len(await heard(one)), one.account.gap) == (5, None)


async def test_a_meta_that_does_not_answer_leaves_the_gap_for_the_next_turn(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        await outage(one)
        await one.look()
        one.made.page.subscribed.clear()
        since = one.account.gap
        token = one.made.meta.token(one.made.page.id)
        token.ended = 460
        left = (await one.mending.fetch(one.account)).gap
        assert since is not None and left == replace(since, steps=1)
        token.ended = None
        assert (await one.mending.fetch(one.account)).gap is None
        assert len(await heard(one)) == 3


async def test_who_was_never_heard_of_is_subscribed_and_has_missed_nothing(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        await one.made.acts.sends("anna", one.account.page_id, "long ago")
        one.made.page.subscribed.clear()
        assert await one.look() == []
        assert one.made.page.subscribed
        assert (one.account.gap, await heard(one)) == (None, [])


async def test_whatsapp_is_subscribed_again_and_repeats_by_itself(tmp_path: Path) -> None:
    async with ward(tmp_path, "whatsapp") as one:
        await one.made.meta.subscribe("whatsapp", one.made.callback.url, VERIFY_TOKEN)
        await one.made.acts.sends("anna", one.account.page_id, "before")
        await take(one, one.made.callback.posts[-1].body)
        one.made.number.waba.subscribed.clear()
        assert await one.look() == []
        assert one.made.number.waba.subscribed
        assert one.account.gap is None
