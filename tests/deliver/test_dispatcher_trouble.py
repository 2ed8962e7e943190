"""Crashes, a store that does not answer, and the end."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.deliver.circuit import FIRST_PAUSE_MS, THRESHOLD
from gateway.deliver.ledger import KEPT, Ledger
from gateway.deliver.patience import Patience
from gateway.deliver.policy import FAULT_PAUSE_MS
from gateway.store.base import LEASE_MARGIN_MS, StoreUnavailable
from gateway.store.records import Endpoint, Job, Outcome, RawElement, Settlement
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
EVERYTHING = ("claim", "finish", "recover", "raw", "put_endpoint")


class MoodyStore(SqliteStore):
    """The real store, which refuses what it is told to refuse."""

    def __init__(self, path: Path) -> None:
        super().__init__(path / "gateway.db", Vault(bytes(32)))
        self.refuses: tuple[str, ...] = ()
        self.refused = 0

    def _check(self, what: str) -> None:
        if what in self.refuses:
            self.refused += 1
            raise StoreUnavailable("in a mood")

    async def claim(
        self, endpoint_id: str, now: int, lease_ms: int, first: int, retries: int
    ) -> tuple[list[Job], int | None]:
        self._check("claim")
        return await super().claim(endpoint_id, now, lease_ms, first, retries)

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        self._check("finish")
        return await super().finish(outcomes)

    async def recover(self, endpoint_id: str, since: int, now: int) -> None:
        self._check("recover")
        await super().recover(endpoint_id, since, now)

    async def raw(self, customer_id: str | None, event_id: str) -> RawElement | None:
        self._check("raw")
        return await super().raw(customer_id, event_id)

    async def put_endpoint(self, endpoint: Endpoint) -> None:
        self._check("put_endpoint")
        await super().put_endpoint(endpoint)


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
    store = MoodyStore(tmp_path)
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1", "bob:2")
        first, second = await on.wire.next(), await on.wire.next()
        store.refuses = EVERYTHING
        first.answer(200)
        second.answer(200)
        await on.until(lambda _: store.refused >= 2)
        store.refuses = ()
        await on.states(delivered=2)
        assert on.wire.total == 2


async def test_nothing_starts_while_outcomes_cannot_be_recorded(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path)
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1", "ann:2")
        first = await on.wire.next()
        store.refuses = EVERYTHING
        first.answer(200)
        await on.until(lambda _: store.refused >= 1)
        await on.arrive("bob:3")
        assert on.wire.quiet()
        store.refuses = ()
        assert {(await on.wire.next()).text for _ in range(2)} == {"2", "3"}


async def test_a_refused_claim_is_made_again_but_not_in_a_circle(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path)
    async with stage(tmp_path, store=store, receiver=endpoint(concurrency=1)) as on:
        await on.arrive("ann:1", "bob:2")
        store.refuses = EVERYTHING
        on.dispatcher.wake(ENDPOINT)
        (await on.wire.next()).answer(200)
        await on.until(lambda _: store.refused >= 3)
        store.refuses = ()
        assert (await on.wire.next()).text == "2"
        assert store.refused < 20


async def test_an_endpoint_is_disabled_as_soon_as_the_store_lets_it(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path)
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1")
        store.refuses = EVERYTHING
        (await on.wire.next()).answer(410)
        await on.until(lambda _: store.refused >= 2)
        store.refuses = ()
        await on.until(lambda _: on.directory.endpoints[ENDPOINT].status == "disabled")


async def test_a_stop_gives_up_what_the_store_still_refuses(tmp_path: Path) -> None:
    store = MoodyStore(tmp_path)
    async with stage(tmp_path, store=store) as on:
        await on.arrive("ann:1")
        store.refuses = EVERYTHING
        (await on.wire.next()).answer(410)
        await on.until(lambda _: store.refused >= 2)
        await on.dispatcher.stop()
        store.refuses = ()
        await on.states(pending=1)
        assert on.directory.endpoints[ENDPOINT].status == "active"


async def test_a_recovery_survives_a_store_that_does_not_answer(tmp_path: Path) -> None:
    store, clock = MoodyStore(tmp_path), ManualClock()
    async with stage(tmp_path, store=store, clock=clock, schedule=(600,)) as on:
        await on.arrive(*(f"p{n}:m{n}" for n in range(THRESHOLD)))
        for sent in [await on.wire.next() for _ in range(THRESHOLD)]:
            sent.answer(None, error="connect")
        await on.states(failed=THRESHOLD)
        clock.now += FIRST_PAUSE_MS
        await on.arrive("ann:probe")
        store.refuses = ("recover",)
        (await on.wire.next()).answer(200)
        await on.until(lambda _: store.refused >= 1)
        store.refuses = ()
        assert {(await on.wire.next()).text for _ in range(THRESHOLD)} == {f"m{n}" for n in range(THRESHOLD)}


async def test_raw_bytes_that_cannot_be_read_now_are_asked_for_again(tmp_path: Path) -> None:
    store, clock = MoodyStore(tmp_path), ManualClock()
    async with stage(tmp_path, store=store, clock=clock, receiver=endpoint(format="raw")) as on:
        store.refuses = EVERYTHING
        await on.arrive("ann:1")
        await on.until(lambda _: store.refused >= 1)
        store.refuses = ()
        await on.until(lambda found: (found[0].due_at or 0) > clock.now)
        clock.now += FAULT_PAUSE_MS
        on.dispatcher.wake(ENDPOINT)
        (await on.wire.next()).answer(200)
        await on.states(delivered=1)


def test_too_many_unrecorded_outcomes_let_nothing_new_start(tmp_path: Path) -> None:
    ledger = Ledger(store_at(tmp_path), Patience(), lambda _, __: None)
    outcome = Outcome(job=JOB, attempt=None, state="delivered")
    for _ in range(KEPT - 1):
        ledger.add(outcome)
    assert ledger.sound()
    ledger.add(outcome)
    assert not ledger.sound()


class BrokenStore(SqliteStore):
    """A store with a fault in it."""

    async def finish(self, outcomes: Sequence[Outcome]) -> list[Settlement]:
        raise RuntimeError("a fault")


async def test_a_fault_in_the_store_stops_the_sending_instead_of_repeating_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(tmp_path, store=BrokenStore(tmp_path / "gateway.db", Vault(bytes(32)))) as on:
        await on.arrive("ann:1")
        (await on.wire.next()).answer(200)
        await on.until(lambda _: "restart the gateway" in caplog.text)
        assert not on.dispatcher.reserve(ENDPOINT)
        on.dispatcher.wake(ENDPOINT)
        await on.states(pending=1)
        assert on.wire.quiet()


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


async def test_nothing_is_sent_before_the_start(tmp_path: Path) -> None:
    on = Stage(store_at(tmp_path), (600,), ManualClock())
    await on.store.open()
    await on.configure(endpoint())
    await on.arrive("ann:1")
    on.dispatcher.wake(ENDPOINT)
    await on.states(pending=1)
    assert on.wire.quiet()
    await on.dispatcher.start()
    (await on.wire.next()).answer(200)
    await on.dispatcher.stop()
    await on.states(delivered=1)
    await on.store.close()


async def test_an_endpoint_that_never_was_is_no_trouble(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.dispatcher.wake("ep_unknown")
        on.dispatcher.endpoint_changed("ep_unknown")
        on.dispatcher.release("ep_unknown")
        assert not on.dispatcher.reserve("ep_unknown")
