"""Crashes, a store that does not answer, and the end."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.deliver.ledger import KEPT, Ledger
from gateway.deliver.patience import Patience
from gateway.store.base import LEASE_MARGIN_MS, StoreUnavailable
from gateway.store.records import Job, Outcome, Settlement
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.deliver.stage import ENDPOINT, ManualClock, Stage, endpoint, stage, store_at

pytestmark = pytest.mark.anyio
JOB = Job(
    delivery_id="dlv_1",
    endpoint_id=ENDPOINT,
    event_id="evt_1",
    webhook_id="evt_1",
    body=b"{}",
    claim=1,
    attempts=0,
    created_at=0,
)


class MoodyStore(SqliteStore):
    """The real store, which refuses to deliver while it is told to."""

    refuses = False
    refused = 0

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        self._check()
        return await super().claim(endpoint_id, now, lease_ms, first, retries)

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        self._check()
        return await super().finish(outcomes)

    def _check(self) -> None:
        if self.refuses:
            self.refused += 1
            raise StoreUnavailable("in a mood")


async def test_what_was_under_way_in_a_crash_goes_again_under_the_same_id(tmp_path: Path) -> None:
    clock = ManualClock()
    before = Stage(store_at(tmp_path), (600,), clock)
    await before.store.open()
    await before.configure(endpoint())
    await before.dispatcher.start()
    await before.arrive("ann:1", "ann:2", "bob:3")
    lost = {(sent.text, sent.header["webhook-id"]) for sent in [await before.wire.next() for _ in range(2)]}
    await before.store.close()
    async with stage(tmp_path, clock=clock) as on:
        found = {(sent.text, sent.header["webhook-id"]) for sent in [await on.wire.next() for _ in range(2)]}
        assert found == lost and {text for text, _ in found} == {"1", "3"}
    before.wire.hang_up()
    await before.dispatcher.stop()


async def test_the_outcome_of_a_lost_lease_moves_nothing(tmp_path: Path) -> None:
    clock = ManualClock()
    async with stage(tmp_path, schedule=(600,), clock=clock) as on:
        await on.arrive("ann:1")
        late = await on.wire.next()
        clock.now += endpoint().timeout_ms + LEASE_MARGIN_MS + 1
        on.dispatcher.wake(ENDPOINT)
        newer = await on.wire.next()
        late.answer(200)
        newer.answer(500)
        await on.states(failed=1, delivered=0)
        (delivery,) = await on.deliveries()
        assert len(await on.store.attempts(None, delivery.id) or []) == 2


async def test_outcomes_outlive_a_store_that_does_not_answer(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path / "gateway.db", Vault(bytes(32)))
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1", "bob:2")
        first, second = await on.wire.next(), await on.wire.next()
        store.refuses = True
        first.answer(200)
        second.answer(200)
        await on.until(lambda _: store.refused >= 2)
        store.refuses = False
        await on.states(delivered=2)
        assert on.wire.total == 2


async def test_nothing_starts_while_outcomes_cannot_be_recorded(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path / "gateway.db", Vault(bytes(32)))
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1", "ann:2")
        first = await on.wire.next()
        store.refuses = True
        first.answer(200)
        await on.until(lambda _: store.refused >= 1)
        await on.arrive("bob:3")
        assert on.wire.quiet()
        store.refuses = False
        assert {(await on.wire.next()).text for _ in range(2)} == {"2", "3"}


async def test_a_refused_claim_is_made_again_but_not_in_a_circle(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path / "gateway.db", Vault(bytes(32)))
    async with stage(tmp_path, store=store, receiver=endpoint(concurrency=1)) as on:
        await on.arrive("ann:1", "bob:2")
        store.refuses = True
        on.dispatcher.wake(ENDPOINT)
        (await on.wire.next()).answer(200)
        await on.until(lambda _: store.refused >= 3)
        store.refuses = False
        assert (await on.wire.next()).text == "2"
        assert store.refused < 20


def test_too_many_unrecorded_outcomes_let_nothing_new_start(tmp_path: Path) -> None:
    ledger = Ledger(store_at(tmp_path), Patience(), lambda _, __: None)
    outcome = Outcome(job=JOB, attempt=None, state="delivered")
    for _ in range(KEPT - 1):
        ledger.add(outcome)
    assert ledger.sound()
    ledger.add(outcome)
    assert not ledger.sound()


async def test_stopping_lets_what_is_under_way_land_and_records_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.arrive("ann:1", "ann:2")
        sent = await on.wire.next()
        stopping = asyncio.create_task(on.dispatcher.stop())
        await on.deliveries()
        sent.answer(200)
        await stopping
        await on.states(delivered=1, pending=1)
        assert on.wire.total == 1


async def test_after_stopping_arrivals_are_left_for_the_next_start(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.dispatcher.stop()
        assert not on.dispatcher.reserve(ENDPOINT)
        await on.arrive("ann:1")
        assert on.wire.quiet()
    async with stage(tmp_path) as on:
        assert (await on.wire.next()).text == "1"


async def test_a_job_that_was_being_stored_when_it_stopped_goes_back_uncharged(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.arrive("ann:1")
        sent = await on.wire.next()
        arriving = asyncio.create_task(on.arrive("bob:2"))
        stopping = asyncio.create_task(on.dispatcher.stop())
        await arriving
        sent.answer(200)
        await stopping
        await on.states(delivered=1, pending=1)
        assert on.wire.total == 1


async def test_an_endpoint_that_is_deleted_gets_nothing_more(tmp_path: Path) -> None:
    async with stage(tmp_path, schedule=(0.001,)) as on:
        await on.arrive("ann:1", "ann:2")
        sent = await on.wire.next()
        await on.store.delete_endpoint(ENDPOINT)
        await on.directory.reload()
        on.dispatcher.endpoint_changed(ENDPOINT)
        sent.answer(500)
        await on.until(lambda found: all(one.state not in ("pending", "failed") for one in found))
        assert on.wire.total == 1
