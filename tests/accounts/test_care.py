"""What is done for accounts unasked, against a simulated Meta; time is passed in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from adapters.event import Event
from gateway.accounts.care import Care
from gateway.accounts.examination import doctor
from gateway.accounts.rounds import PERIOD_MS, Rounds, came_up
from gateway.directory import Directory
from gateway.graph import Graph
from gateway.simulator.clock import DAY
from gateway.store.records import Account, EventFilter, PageRequest
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.gateways import settings
from tests.simulator.towns import NOON, Town, town

pytestmark = pytest.mark.anyio


class Ward(Struct):
    """One account of a town, and who looks after it."""

    made: Town
    store: SqliteStore
    directory: Directory
    care: Care
    told: list[Event]

    def clock(self) -> int:
        return self.made.meta.clock.now_ms()

    @property
    def account(self) -> Account:
        return self.directory.accounts["acc_1"]

    async def look(self) -> list[str]:
        return [one.code for one in await self.care.look_after(self.account, self.clock)]

    async def kept(self) -> int:
        """How many events say that an account is degraded."""
        which = EventFilter(event="account.degraded")
        return len((await self.store.events("default", which, PageRequest(limit=10))).data)


@asynccontextmanager
async def ward(folder: Path, platform: str) -> AsyncIterator[Ward]:
    async with town(subscribed=False) as made, Graph(made.url, "v25.0") as graph:
        for each in ("facebook", "instagram"):
            await made.meta.subscribe(each, "https://gateway.example/webhooks/any")
        page_id = made.page.id if platform == "facebook" else made.account.id
        store = SqliteStore(folder / "gateway.db", Vault(b"k" * 32))
        await store.open()
        account = Account(
            id="acc_1",
            customer_id="default",
            platform=platform,
            page_id=page_id,
            created_at=NOON,
            access_token=made.meta.token(page_id).value,
        )
        await store.put_account(account)
        directory, told = Directory(store), list[Event]()
        await directory.reload()
        config = settings(folder, app_secrets=made.meta.app.secret)

        def tell(event: Event, endpoint_ids: Sequence[str]) -> None:
            told.append(event)

        care = Care(store, directory, doctor(graph, directory, config), tell)
        yield Ward(made=made, store=store, directory=directory, care=care, told=told)
        await store.close()


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


async def test_rounds_look_after_every_account_once_in_a_period(tmp_path: Path) -> None:
    async with ward(tmp_path, "facebook") as one:
        rounds = Rounds(one.directory, one.care, one.clock)
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
