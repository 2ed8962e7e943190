"""What is done for accounts unasked, against a simulated Meta; time is passed in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.rounds import PERIOD_MS, SUSPECTED_MS, came_up
from gateway.graph import Graph
from gateway.simulator.clock import DAY
from tests.accounts.wards import ward
from tests.gateways import settings
from tests.simulator.towns import NOON

pytestmark = pytest.mark.anyio


async def test_a_token_that_ends_is_told_once_and_again_only_after_it_was_well(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        token = one.made.meta.token(one.made.page.id)
        for ended in (None, 460, 460, None, 463):
            token.ended = ended
            await one.look()
            assert one.account.degraded == (None if ended is None else "token_expired")
        assert [event.event for event in one.told] == ["account.degraded"] * 2
        about: Any = one.told[0].account
        assert (about["id"], about["reason"], await one.kept()) == ("acc_1", "token_expired", 2)
        assert token.value not in str(about)


async def test_a_meta_that_does_not_answer_proves_nothing(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        one.made.meta.token(one.made.page.id).ended = 460
        await one.look()
        one.made.meta.tokens.of(one.made.page.id).ended = None
        async with Graph("http://127.0.0.1:9", "v25.0") as nowhere:
            config = settings(tmp_path)
            care = Care(
                one.store,
                one.directory,
                doctor(nowhere, one.directory, config),
                one.mending,
                lambda event, endpoint_ids: one.told.append(event),
            )
            assert [found.code for found in await care.look_after(one.account, one.clock)] == [
                "graph_unreachable"
            ]
        assert one.account.degraded == "token_expired"


async def test_an_instagram_token_is_refreshed_a_week_before_its_end(tmp_path: Path) -> None:
    async with ward(tmp_path, "instagram") as one:
        tokens = [one.account.access_token]
        for day in (0, 30, 52, 54, 100):
            one.made.meta.advance((day * DAY - (one.clock() - NOON)) / 1000)
            assert await one.look() == []
            tokens.append(one.account.access_token)
        first, fresh, same, again, renewed, kept = tokens
        assert first != fresh == same == again != renewed == kept
        assert one.account.token_expires_at == NOON + (54 + 60) * DAY


async def test_of_several_who_find_the_same_at_once_one_tells(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        one.made.meta.token(one.made.page.id).ended = 460
        account, now = one.account, one.clock()
        await asyncio.gather(*(one.care.examine(account, now) for _ in range(5)))
        assert (len(one.told), await one.kept()) == (1, 1)


async def test_a_new_token_is_well_and_its_end_is_told_again(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        one.made.meta.token(one.made.page.id).ended = 460
        await one.look()
        one.made.meta.token(one.made.page.id).ended = None
        await one.care.examine(one.account, one.clock())
        assert one.account.degraded is None
        one.made.meta.token(one.made.page.id).ended = 463
        await one.care.examine(one.account, one.clock())
        assert len(one.told) == 2


async def test_a_token_that_a_send_found_refused_is_looked_at_in_the_next_turn(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        rounds = one.rounds()
        rounds.suspect(one.account)
        assert await rounds.turn() == 1
        assert one.told == []
        one.made.meta.token(one.made.page.id).ended = 460
        rounds.suspect(one.account)
        assert await rounds.turn() == 0
        one.made.meta.advance(SUSPECTED_MS / 1_000)
        for _ in range(3):
            rounds.suspect(one.account)
            await rounds.turn()
        assert [event.event for event in one.told] == ["account.degraded"]


async def test_rounds_look_after_every_account_once_in_a_period(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        rounds = one.rounds()
        looked = 0
        for _ in range(24):
            one.made.meta.advance(PERIOD_MS / 24_000)
            looked += await rounds.turn()
        assert looked == 1


def test_turns_are_spread_over_the_period() -> None:
    accounts = [f"acc_{number}" for number in range(600)]
    hour = PERIOD_MS // 6
    hours = [sum(came_up(one, at * hour, (at + 1) * hour) for one in accounts) for at in range(6)]
    assert sum(hours) == 600
    assert max(hours) < 150
